import * as z from 'zod';
import { parsePosition } from '../shared/position.ts';
import { slugOf } from '../shared/text.ts';
import type { Admission } from './admission.ts';
import { EngineUnavailable, type View } from './engine.ts';
import { Problem, valid } from './errors.ts';
import type { Fanout, Joining } from './fanout.ts';
import type { Follow } from './follow.ts';
import type { Greeting, Greetings } from './greeting.ts';
import type { SiteOf } from './site.ts';
import type { Snapshots } from './snapshot.ts';
import type { Tape } from './tape.ts';

/** How many rows a snapshot holds when nobody says otherwise. */
export const ROWS = 30;

export const viewFields = { tag: z.string().min(1).max(120).optional(), section: z.string().min(1).max(40).optional() };
const LiveQuery = z.object({ ...viewFields, since: z.string().optional() });

/** What the gateways need of the rest. */
export interface Live {
  admission: Admission;
  fanout: Fanout;
  greetings: Greetings;
  snapshots: Snapshots;
  followed: ReadonlyMap<string, { tape: Tape; follow: Follow }>;
  siteOf: SiteOf;
}

/**
 * Makes a stranger's query a reader who may join: with a position that this node can continue where there is one, and
 * with a snapshot where the reader has none.
 *
 * @param lastEventId beats `since`, as the newer of the two
 * @param goesOn whether it was here before: then it is no newcomer, if it stands on the tape
 * @throws Problem
 */
export async function arrive(
  live: Live,
  edition: string,
  query: unknown,
  { lastEventId, goesOn = false }: { lastEventId?: string | undefined; goesOn?: boolean } = {},
): Promise<Arrived> {
  const { tape, follow } = live.followed.get(edition) ?? unknownEdition(edition);
  const { tag, section, since } = valid(LiveQuery, query);
  const known = lastEventId || since;
  const position = known ? parsePosition(known) : undefined;
  live.admission.admit(!goesOn || typeof tape.locate(position) !== 'number');
  const view = viewOf(tag, section);
  if (!known) {
    const built = await live.snapshots.get(edition, ROWS, view);
    // The rows may be newer than the tape; a reader who stands there must be able to stay.
    if (built.position.seq > tape.head.seq) await follow.refresh();
    return { position: built.position, view, hello: live.greetings.first(edition, built) };
  }
  const at = await follow.place(position);
  // Cut off from the store, this node may be the one that is behind: another one must answer.
  if (typeof at !== 'number' && !follow.healthy) throw new EngineUnavailable('This node cannot read the log just now.');
  const start = (typeof at === 'number' && tape.positionAt(at)) || tape.headPosition;
  return { position, view, hello: live.greetings.again(edition, start) };
}

/** Who may join is greeted. */
export type Arrived = Joining & { hello: Greeting };

export function unknownEdition(edition: string): never {
  throw new Problem('unknown-edition', `There is no edition "${edition.slice(0, 40)}".`);
}

/** A tag may be given by its name or by its slug. @throws Problem when both are given */
export function viewOf(tag: string | undefined, section: string | undefined): View | undefined {
  if (tag !== undefined && section !== undefined)
    throw new Problem('invalid', 'Ask for a tag or for a section, not for both.');
  if (tag !== undefined) return { tag: slugOf(tag) };
  return section === undefined ? undefined : { section };
}

export const SnapshotQuery = z.object({
  ...viewFields,
  limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(ROWS),
  min: z.string().optional(),
});
