import type { Redis } from 'ioredis';
import { EngineUnavailable, type Outcome } from '../../engine.ts';
import { currentOf, seal } from '../step.ts';
import type { Keys } from './keys.ts';
import { type Fields, storedOf } from './reply.ts';
import { ITEM, run } from './script.ts';

/** The outcome that a known key stands for; `record` is what the commit left under it. */
export async function replay(
  link: Redis,
  edition: string,
  keys: Keys,
  record: string,
  request: string,
): Promise<Outcome> {
  const [id = '', revision = '', epoch = '', seq, mark = '', digest] = record.split(' ');
  const reply = await run(link, ITEM, [keys.items, keys.revisions], [id, revision]);
  const [item, nonce] = reply as [Fields | null, string | null];
  if (!item) throw new EngineUnavailable(`Redis has lost item ${id}: see that it evicts nothing.`);
  // A kill has deleted the nonce, and with it the means to tell the requests apart.
  if (nonce !== null && seal(nonce, request) !== digest) return { done: false, reason: 'reused' };
  return {
    done: true,
    replayed: true,
    id,
    revision: Number(revision),
    position: { epoch, seq: Number(seq), mark },
    current: currentOf(storedOf(edition, id, item)),
  };
}
