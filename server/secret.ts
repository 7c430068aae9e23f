import { randomBytes } from 'node:crypto';
import { EngineUnavailable } from './engine.ts';
import type { Records } from './records.ts';

/** A secret that all processes on one store share, and that stays in it: made by the first who asks. */
export async function storeSecret(records: Records, use: 'import' | 'session'): Promise<string> {
  const stored = await records.get('secret', use);
  if (stored) return stored.value as string;
  try {
    await records.put('secret', use, randomBytes(32).toString('hex'), 0);
  } catch (error) {
    // It may be there all the same, though no replica has confirmed it: whoever only reads needs no more.
    if (error instanceof EngineUnavailable && (await records.get('secret', use))) return storeSecret(records, use);
    throw error;
  }
  return storeSecret(records, use);
}
