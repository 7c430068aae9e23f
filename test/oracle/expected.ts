import type { Item, Tombstone } from '../../shared/item.ts';
import { parsePosition } from '../../shared/position.ts';
import type { Rows } from '../../shared/rows.ts';
import type { Model, Version } from './model.ts';
import type { ReaderPlan } from './plan.ts';

type View = ReaderPlan['view'];

interface Row {
  /** Sorts: pinned ones first, then the newest, then by id. */
  rank: string;
  place: string;
  text: string;
  killed: boolean;
  pinned: boolean;
}

export function matches(view: View, version: Version): boolean {
  if (!view) return true;
  if ('section' in view) return version.section === view.section;
  return version.tags.some((tag) => tag.toLowerCase() === view.tag);
}

/** What readers are to see, from the model alone: a sort over all its items. A view shows items only. */
export function expectedRows(model: Model, edition: string, view: View): Row[] {
  const rows: Row[] = [];
  for (const item of model.items.values()) {
    const version = item.edition === edition ? model.versions(item.number).at(-1) : undefined;
    if (!version || version.state === 'withheld') continue;
    const killed = version.state === 'killed';
    if (view && (killed || !matches(view, version))) continue;
    const pinned = version.pinnedUntil !== undefined;
    const place = `${item.publishedAt} ${item.id}`;
    const text = `${killed ? 'killed' : version.headline} r${version.revision}${pinned ? ' pinned' : ''}`;
    rows.push({ rank: `${pinned ? 1 : 0} ${place}`, place, text: `${item.number}: ${text}`, killed, pinned });
  }
  return rows.sort((a, b) => (a.rank < b.rank ? 1 : -1));
}

/** The rows in the same words, as a reader holds them. */
export function heldRows(model: Model, entries: Iterable<Item | Tombstone>, view: View): string[] {
  return [...entries].filter((entry) => !view || !('killedAt' in entry)).map((entry) => textOf(model, entry));
}

/** What somebody who holds all that is not below `floor` is to hold. */
export function expectedHeld(rows: readonly Row[], floor: Rows['floor']): string[] {
  const limit = floor && `${floor.publishedAt} ${floor.id}`;
  return rows.filter((row) => row.pinned || limit === undefined || row.place >= limit).map(({ text }) => text);
}

/** The first `count` items and the tombstones above the last of them. */
export function expectedListed(rows: readonly Row[], count: number): string[] {
  let items = 0;
  const last = rows.findIndex((row) => !row.killed && ++items === count);
  return (last < 0 ? rows : rows.slice(0, last + 1)).map(({ text }) => text);
}

function textOf(model: Model, entry: Item | Tombstone): string {
  const number = model.numbers.get(entry.id) ?? entry.id;
  if ('killedAt' in entry) return `${number}: killed r${entry.revision}`;
  return `${number}: ${entry.headline} r${entry.revision}${entry.pinnedUntil ? ' pinned' : ''}`;
}

export function seqOf(position: string): number {
  const parsed = parsePosition(position);
  if (!parsed) throw new Error(`not a position: ${position}`);
  return parsed.seq;
}
