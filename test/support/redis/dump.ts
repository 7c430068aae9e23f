import type { Redis } from 'ioredis';

export async function keysUnder(redis: Redis, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) keys.push(...(page as string[]));
  return [...new Set(keys)];
}

/** Everything that a key holds, as raw bytes: names of fields, members, ids of entries, values. */
export async function bytesOf(redis: Redis, key: string): Promise<Buffer> {
  const type = await redis.type(key);
  const command = READS[type];
  if (!command) throw new Error(`no way to search a key of type ${type}`);
  const [name = '', ...args] = command;
  return Buffer.concat(leaves(await redis.callBuffer(name, key, ...args)));
}

const READS: Record<string, string[]> = {
  string: ['GET'],
  hash: ['HGETALL'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
  stream: ['XRANGE', '-', '+'],
};

function leaves(reply: unknown): Buffer[] {
  if (Array.isArray(reply)) return reply.flatMap(leaves);
  return [Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply)), Buffer.from('\n')];
}
