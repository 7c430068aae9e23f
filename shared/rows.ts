import type { Item, Tombstone } from './item.ts';
import { stepsBetween } from './position.ts';
import { isItem, isPinned } from './row.ts';
import type { Message, Snapshot } from './wire.ts';

/** What a reader holds of an edition or of one of its views. Never changed in place. */
export interface Rows {
  readonly position: string;
  readonly entries: ReadonlyMap<string, Item | Tombstone>;
  /** Unpinned entries below it are not held, since nothing is known of their neighbours. Absent: all there is, is held. */
  readonly floor: Place | undefined;
  /** A view by tag or section: a tombstone then only replaces a row already shown. */
  readonly view: boolean;
}

/** What to do after a message: `load` means a snapshot not older than `min`. */
export interface Applied {
  rows: Rows;
  load?: { min: string };
}

interface Place {
  publishedAt: string;
  id: string;
}

/** How many items the ticker shows. Fewer left, and older ones exist: load again. */
export const SHOWN = 10;
/** How many rows are held at the least, so that kills and holds leave enough to show. */
export const HELD = 30;

export function rowsOf(snapshot: Snapshot, view = false): Rows {
  const last = snapshot.items.findLast((entry) => !isPinned(entry));
  return {
    position: snapshot.position,
    entries: new Map(snapshot.items.map((entry) => [entry.id, entry])),
    floor: snapshot.more && last ? { publishedAt: last.publishedAt, id: last.id } : undefined,
    view,
  };
}

/** Messages at or before the rows' own position change nothing, so that two sockets may overlap. */
export function apply(rows: Rows, message: Message): Applied {
  if (!('position' in message)) return { rows };
  if (message.type === 'hello') return { rows: message.snapshot ? rowsOf(message.snapshot, rows.view) : rows };
  const { position } = message;
  const steps = stepsBetween(rows.position, position);
  if (message.type === 'reset' || Number.isNaN(steps)) return { rows, load: { min: position } };
  if (steps <= 0) return { rows };
  const moved = { ...rows, position };
  if (message.type === 'item') return settle(put(moved, message.item, message.item));
  if (message.type === 'hold') return settle(put(moved, message));
  if (message.type === 'kill') return settle(put(moved, message, tombstoneOf(message)));
  return { rows: moved };
}

/**
 * The rows to show: `count` items, pinned ones first, then the newest, with the tombstones that stand between them.
 * By `now`, the server's time, a pin that has ended has ended, also for a reader whom nothing reaches just then.
 */
export function listed(rows: Rows, count: number = SHOWN, now = Number.NEGATIVE_INFINITY): (Item | Tombstone)[] {
  const sorted = [...rows.entries.values()].map((entry) => asOf(entry, now)).sort(byPlace);
  let items = 0;
  const last = sorted.findIndex((entry) => isItem(entry) && ++items === count);
  return last === -1 ? sorted : sorted.slice(0, last + 1);
}

/** The entry without a pin that has ended by then. */
export function asOf(entry: Item | Tombstone, now: number): Item | Tombstone {
  if (!isPinned(entry) || Date.parse(entry.pinnedUntil) > now) return entry;
  const { pinnedUntil: _, ...item } = entry;
  return item;
}

/** Pinned first, then `publishedAt` descending, then id descending. */
function byPlace(a: Item | Tombstone, b: Item | Tombstone): number {
  return Number(isPinned(b)) - Number(isPinned(a)) || (below(a, b) ? 1 : -1);
}

/** What a revision of an entry makes of the rows; without `entry` it is not to be held any more. */
function put(rows: Rows, { id, revision }: { id: string; revision: number }, entry?: Item | Tombstone): Rows {
  const known = rows.entries.get(id);
  if (known ? known.revision >= revision : !entry || (rows.view && !isItem(entry))) return rows;
  const entries = new Map(rows.entries);
  if (!entry || (!isPinned(entry) && rows.floor && below(entry, rows.floor))) entries.delete(id);
  else entries.set(id, entry);
  return { ...rows, entries };
}

/** Keeps what is held between `SHOWN` and twice `HELD`. */
function settle(rows: Rows): Applied {
  const unpinned = [...rows.entries.values()].filter((entry) => isItem(entry) && !isPinned(entry));
  if (rows.floor && unpinned.length < SHOWN) return { rows, load: { min: rows.position } };
  if (unpinned.length <= 2 * HELD) return { rows };
  const floor = unpinned.sort(byPlace)[HELD - 1];
  const kept = [...rows.entries].filter(([, entry]) => isPinned(entry) || !floor || !below(entry, floor));
  return { rows: { ...rows, entries: new Map(kept), floor } };
}

function below(a: Place, b: Place): boolean {
  return placeOf(a) < placeOf(b);
}

/** Times are all of one length, so the id tells only those of one moment apart. */
function placeOf({ publishedAt, id }: Place): string {
  return publishedAt + id;
}

function tombstoneOf({ type: _, position: __, ...tombstone }: Message & { type: 'kill' }): Tombstone {
  return tombstone;
}
