import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../../shared/position.ts';
import type { IdempotencyKey, Outcome } from '../../engine.ts';
import { currentOf, seal } from '../step.ts';
import { itemById, shaped } from './stored.ts';

type KnownKey = Position & { requestDigest: string; item: string; revision: number };

/**
 * What a known key stands for, in one cut that the caller has begun: as it was answered then, or `reused`. A killed
 * item's nonce is blank: then no request can be told from another.
 */
export function replayer(db: DatabaseSync) {
  const findKey = db.prepare('SELECT * FROM key WHERE edition = ? AND name = ?');
  const findNonce = db.prepare('SELECT nonce FROM revision WHERE item = ? AND revision = ?');
  const findItem = itemById(db);

  return (edition: string, { name, request }: IdempotencyKey): Outcome | undefined => {
    const known = findKey.get(edition, name) as unknown as KnownKey | undefined;
    if (!known) return undefined;
    const { item: id, revision, epoch, seq, mark } = known;
    const nonce = String(findNonce.get(id, revision)?.nonce ?? '').trim();
    if (nonce !== '' && seal(nonce, request) !== known.requestDigest) return { done: false, reason: 'reused' };
    const current = shaped(id, findItem.get(id), currentOf);
    return { done: true, replayed: true, id, revision, position: { epoch, seq, mark }, current };
  };
}
