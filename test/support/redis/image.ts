import type { Redis } from 'ioredis';
import { keysUnder } from './dump.ts';

/** All that a Redis holds at one moment, under a prefix or in all. */
export type Image = { key: string; bytes: Buffer; lifeMs: number }[];

export async function imageOf(admin: Redis, prefix = ''): Promise<Image> {
  const keys = await keysUnder(admin, prefix);
  const transaction = admin.multi();
  for (const key of keys) transaction.callBuffer('DUMP', key).pttl(key);
  const replies = (await transaction.exec()) ?? [];
  return keys.flatMap((key, at) => {
    const bytes = replies[2 * at]?.[1];
    return Buffer.isBuffer(bytes) ? [{ key, bytes, lifeMs: Math.max(0, Number(replies[2 * at + 1]?.[1])) }] : [];
  });
}

/** What a failover to a replica that was behind looks like: in one step the store is what it was then. */
export async function warpTo(admin: Redis, image: Image, prefix = ''): Promise<void> {
  const gone = await keysUnder(admin, prefix);
  const transaction = admin.multi();
  if (gone.length > 0) transaction.del(...gone);
  for (const { key, bytes, lifeMs } of image) transaction.restore(key, lifeMs, bytes);
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
}
