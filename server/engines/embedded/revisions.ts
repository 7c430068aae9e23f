import type { DatabaseSync } from 'node:sqlite';
import type { Item } from '../../../shared/item.ts';
import type { Revision } from '../../engine.ts';
import { revisionOf, type StoredRevision } from '../step.ts';
import { damaged } from './stored.ts';

/** The revisions of an item that is not killed. @throws EngineUnavailable when one is lost */
export function revisionReader(db: DatabaseSync) {
  const revisions = db.prepare(
    'SELECT revision, action, kind, at, content, notice FROM revision WHERE item = ? ORDER BY revision',
  );
  return ({ id, revision }: Item): Revision[] => {
    const rows = revisions.all(id) as unknown as StoredRevision[];
    if (rows.length !== revision) throw damaged(id, new Error('a revision is lost'));
    try {
      return rows.map(revisionOf);
    } catch (error) {
      throw damaged(id, error as Error);
    }
  };
}
