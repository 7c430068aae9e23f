import { parsePosition } from '../../shared/position.ts';
import { HELD } from '../../shared/rows.ts';
import type { Snapshot } from '../../shared/wire.ts';
import type { Address } from './address.ts';
import { backOff, type World } from './world.ts';

const TIMEOUT = 15_000;

/** Gets a snapshot that is not older than what is wanted, asking for as long as that takes, one request at a time. */
export class Loader {
  readonly #world: World;
  readonly #address: Address;
  readonly #ended: (snapshot: Snapshot | undefined) => void;
  #min: string | undefined;
  #request: AbortController | undefined;
  #cancel = () => {};
  wanted = false;
  /** Requests since the last good one that brought nothing, or a snapshot too old. */
  failures = 0;

  /** `ended` is called after each request, without a snapshot when there will be another. */
  constructor(world: World, address: Address, ended: (snapshot: Snapshot | undefined) => void) {
    this.#world = world;
    this.#address = address;
    this.#ended = ended;
  }

  /** Begins anew: what was asked for before may be answered from a life of the log that has ended since. */
  want(min: string | undefined, afterMs: number): void {
    this.#min = min;
    this.wanted = true;
    this.#request?.abort();
    this.#request = undefined;
    this.#askAfter(afterMs);
  }

  stop(): void {
    this.wanted = false;
    this.#cancel();
    this.#request?.abort();
  }

  #askAfter(ms: number): void {
    this.#cancel();
    this.#cancel = this.#world.after(ms, () => this.#ask());
  }

  async #ask(): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    this.#cancel = this.#world.after(TIMEOUT, () => request.abort());
    const snapshot = await this.#fetch(request.signal).catch(() => undefined);
    if (this.#request !== request) return;
    this.#cancel();
    this.#request = undefined;
    if (!this.wanted) return;
    if (snapshot && reaches(snapshot.position, this.#min)) {
      this.wanted = false;
      this.failures = 0;
      this.#ended(snapshot);
    } else {
      this.failures += 1;
      this.#askAfter(backOff(this.#world, this.failures));
      this.#ended(undefined);
    }
  }

  async #fetch(signal: AbortSignal): Promise<Snapshot> {
    const url = this.#address.snapshot(HELD, this.#min);
    const response = await this.#world.fetch(url, { signal, credentials: 'omit' });
    if (!response.ok) throw new Error(`${response.status} for ${url}`);
    return response.json();
  }
}

/** A cache may answer with a snapshot from before `min`. Numbers compare only within an epoch. */
function reaches(position: string, min: string | undefined): boolean {
  if (min === undefined) return true;
  const [theirs, wanted] = [parsePosition(position), parsePosition(min)];
  return theirs !== undefined && theirs.epoch === wanted?.epoch && theirs.seq >= wanted.seq;
}
