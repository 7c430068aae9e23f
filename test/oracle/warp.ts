import type { Redis } from 'ioredis';

/** All that a Redis holds at one moment. */
export type Image = { key: string; bytes: Buffer; lifeMs: number }[];

export async function imageOf(admin: Redis): Promise<Image> {
  const keys: string[] = [];
  for await (const page of admin.scanStream({ count: 1_000 })) keys.push(...(page as string[]));
  const different = [...new Set(keys)];
  const transaction = admin.multi();
  for (const key of different) transaction.callBuffer('DUMP', key).pttl(key);
  const replies = (await transaction.exec()) ?? [];
  return different.flatMap((key, at) => {
    const bytes = replies[2 * at]?.[1];
    return Buffer.isBuffer(bytes) ? [{ key, bytes, lifeMs: Math.max(0, Number(replies[2 * at + 1]?.[1])) }] : [];
  });
}

/** What a failover to a replica that was behind looks like: in one step the store is what it was then. */
export async function warpTo(admin: Redis, image: Image): Promise<void> {
  const transaction = admin.multi().flushall();
  for (const { key, bytes, lifeMs } of image) transaction.restore(key, lifeMs, bytes);
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
}
