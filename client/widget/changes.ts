import type { Item, Tombstone } from '../../shared/item.ts';
import type { Rows } from '../../shared/rows.ts';

export interface Change {
  entry: Item | Tombstone;
  /** The revision that was held before; 0 when it is new. */
  before: number;
}

/** What a reader of `before` has not seen yet, oldest first. Rows that only filled up from below are no news. */
export function changesBetween(before: Rows, after: Rows): Change[] {
  const floor = before.floor?.publishedAt ?? '';
  const changes: Change[] = [];
  for (const entry of after.entries.values()) {
    const known = before.entries.get(entry.id);
    if (known ? known.revision < entry.revision : entry.publishedAt > floor)
      changes.push({ entry, before: known?.revision ?? 0 });
  }
  return changes.sort((a, b) => (a.entry.publishedAt < b.entry.publishedAt ? -1 : 1));
}
