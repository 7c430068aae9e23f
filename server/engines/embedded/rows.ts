import type { DatabaseSync } from 'node:sqlite';
import type { Item, Tombstone } from '../../../shared/item.ts';
import type { Rows, RowsQuery } from '../../engine.ts';
import { type StoredItem, shownOf } from '../step.ts';
import { STORED_ITEM, shaped, viewName } from './stored.ts';

const NEWEST_FIRST = 'ORDER BY i.publishedAt DESC, i.id DESC';
const SHOWN = `i.state = 'published' AND i.pinnedUntil = 0`;
const OLDER = `i.state = 'published' AND (i.publishedAt, i.id) < (?, ?)`;
const OLDER_IN_VIEW = `i.state = 'published' AND (v.publishedAt, v.item) < (?, ?)`;
const IN_EDITION = `${STORED_ITEM} WHERE i.edition = ?`;
// The view's own columns, so that its index gives the order.
const IN_VIEW = `${STORED_ITEM} JOIN view v ON v.item = i.id WHERE v.edition = ? AND v.name = ?`;
const VIEW_NEWEST_FIRST = 'ORDER BY v.publishedAt DESC, v.item DESC';
// By the index of what is pinned: SQLite by itself would look through everything published.
const PINNED = `${STORED_ITEM} INDEXED BY item_pinned
  WHERE i.edition = ? AND i.pinnedUntil > 0 AND i.state = 'published'`;
const ALSO_IN_VIEW = `EXISTS (
  SELECT 1 FROM view v
  WHERE v.edition = i.edition AND v.name = ? AND v.publishedAt = i.publishedAt AND v.item = i.id
)`;

/** Reads the rows of an edition or view, inside the transaction that the caller has begun. */
export function rowReader(db: DatabaseSync) {
  const edition = {
    pinned: db.prepare(`${PINNED} ${NEWEST_FIRST}`),
    shown: db.prepare(`${IN_EDITION} AND ${SHOWN} ${NEWEST_FIRST} LIMIT ?`),
    older: db.prepare(`${IN_EDITION} AND ${OLDER} ${NEWEST_FIRST} LIMIT ?`),
  };
  const view = {
    pinned: db.prepare(`${PINNED} AND ${ALSO_IN_VIEW} ${NEWEST_FIRST}`),
    shown: db.prepare(`${IN_VIEW} AND ${SHOWN} ${VIEW_NEWEST_FIRST} LIMIT ?`),
    older: db.prepare(`${IN_VIEW} AND ${OLDER_IN_VIEW} ${VIEW_NEWEST_FIRST} LIMIT ?`),
  };
  const killed = db.prepare(
    `${IN_EDITION} AND i.state = 'killed' AND (i.publishedAt, i.id) > (?, ?) AND (i.publishedAt, i.id) < (?, ?)
     ${NEWEST_FIRST}`,
  );

  return (name: string, query: RowsQuery): Omit<Rows, 'position'> => {
    const where = query.view ? [name, viewName(query.view)] : [name];
    const read = query.view ? view : edition;
    const ceiling = query.before
      ? [Date.parse(query.before.publishedAt), query.before.id]
      : [Number.MAX_SAFE_INTEGER, ''];
    const pinned = query.before ? [] : (read.pinned.all(...where) as unknown as StoredItem[]);
    const oneMore = (query.before
      ? read.older.all(...where, ...ceiling, query.limit + 1)
      : read.shown.all(...where, query.limit + 1)) as unknown as StoredItem[];
    const shown = oneMore.slice(0, query.limit);
    // The rows end with the last item let in; when items run out before that, with the last tombstone.
    const last = shown.length === query.limit ? shown.at(-1) : undefined;
    const floor = [last?.publishedAt ?? Number.MIN_SAFE_INTEGER, last?.id ?? ''] as const;
    const tombstones = query.view ? [] : (killed.all(name, ...floor, ...ceiling) as unknown as StoredItem[]);
    const rows = [...shown, ...tombstones].sort(newestFirst);
    return {
      items: [...pinned, ...rows].map((stored) => shaped(stored.id, stored, rowOf)),
      more: oneMore.length > query.limit,
    };
  };
}

function newestFirst(a: StoredItem, b: StoredItem): number {
  return b.publishedAt - a.publishedAt || (a.id < b.id ? 1 : -1);
}

function rowOf(stored: StoredItem): Item | Tombstone {
  const shown = shownOf(stored);
  if (shown.state === 'withheld') throw new Error('it is withheld');
  return shown.state === 'killed' ? shown.tombstone : shown.item;
}
