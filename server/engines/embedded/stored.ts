import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { View } from '../../engine.ts';
import { EngineUnavailable } from '../../engine.ts';
import { viewKey } from '../../view.ts';
import type { StoredItem } from '../step.ts';

/** An item with its words and amendments, which are those of its revisions. */
export const STORED_ITEM = `
  SELECT i.id, i.edition, i.revision, i.state, i.publishedAt, i.significantAt, i.revisedAt, i.pinnedUntil, i.notice,
    CASE i.state WHEN 'killed' THEN '' ELSE (
      SELECT content FROM revision r WHERE r.item = i.id AND r.revision = i.contentRevision
    ) END AS content,
    CASE i.state WHEN 'killed' THEN '' ELSE (
      SELECT json_group_array(json(CASE r.notice
        WHEN '' THEN json_object('revision', r.revision, 'kind', r.kind, 'at', r.at)
        ELSE json_object('revision', r.revision, 'kind', r.kind, 'at', r.at, 'notice', r.notice)
      END) ORDER BY r.revision)
      FROM revision r WHERE r.item = i.id AND r.kind <> ''
    ) END AS amendments
  FROM item i`;

export function itemById(db: DatabaseSync): StatementSync {
  return db.prepare(`${STORED_ITEM} WHERE i.id = ?`);
}

/** @throws EngineUnavailable that names the item, when what is stored of it cannot be read */
export function shaped<T>(id: string, row: object | undefined, shape: (stored: StoredItem) => T): T {
  if (!row) throw new EngineUnavailable(`Item ${id} is damaged in the database: its row is lost.`);
  try {
    const stored = row as StoredItem;
    // Null when the revision's row is lost; JSON.parse would make no error of it.
    if (stored.content === null) throw new Error('its words are lost');
    return shape(stored);
  } catch (error) {
    throw damaged(id, error as Error);
  }
}

export function damaged(id: string, cause: Error): EngineUnavailable {
  const problem = `Item ${id} is damaged in the database: ${cause.message}. A kill clears it away.`;
  return new EngineUnavailable(problem, { cause });
}

/** The name that a view has in the store: no word of an item, since index rows leave traces that no kill reaches. */
export function viewName(view: View): string {
  return createHash('sha256').update(viewKey(view)).digest('hex').slice(0, 32);
}
