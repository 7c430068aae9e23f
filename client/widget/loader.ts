import { stepsBetween } from '../../shared/position.ts';
import { HELD } from '../../shared/rows.ts';
import type { Snapshot } from '../../shared/wire.ts';
import type { Address } from './address.ts';
import { askedFor, type World } from './world.ts';

const TIMEOUT = 15_000;

export interface Answer {
  snapshot?: Snapshot;
  /** The server's time, as far as it tells it. */
  at?: number;
  /** How long a server that has no time wants to be left alone. */
  waitMs?: number;
}

/** Asks once for a snapshot. `done` is called once, unless the returned function was called before. */
export function load(
  world: World,
  address: Address,
  min: string | undefined,
  done: (answer: Answer) => void,
): () => void {
  const request = new AbortController();
  const stopWatching = world.after(TIMEOUT, () => request.abort());
  let cancelled = false;
  ask()
    .catch((): Answer => ({}))
    .then((answer) => {
      stopWatching();
      if (!cancelled) done(answer);
    });
  return () => {
    cancelled = true;
    request.abort();
  };

  async function ask(): Promise<Answer> {
    const response = await world.fetch(address.snapshot(HELD, min), { signal: request.signal, credentials: 'omit' });
    if (!response.ok) return { waitMs: askedFor(world, response) };
    return { snapshot: await response.json(), at: Date.parse(response.headers.get('Date') ?? '') };
  }
}

/** A cache may answer with a snapshot from before `min`. Numbers compare only within an epoch. */
export function reaches(position: string, min: string | undefined): boolean {
  return min === undefined || stepsBetween(min, position) >= 0;
}
