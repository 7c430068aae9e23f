import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { GENESIS } from '../../shared/position.ts';
import type { Engine } from '../engine.ts';
import { createCommits } from './redis/commit.ts';
import { isReply, unavailable } from './redis/failure.ts';
import { newEpoch } from './redis/input.ts';
import { keysOf } from './redis/keys.ts';
import { closeLink, openLink } from './redis/link.ts';
import { startProbe } from './redis/probe.ts';
import { createReads } from './redis/reads.ts';
import { createRecords } from './redis/records.ts';
import { ROTATE, run } from './redis/script.ts';
import { createSubscriber } from './redis/subscriber.ts';
import { createWriter } from './redis/writer.ts';

export interface RedisSettings {
  url: string;
  /** Starts every key and channel. */
  prefix: string;
  editions: readonly string[];
  /** How many entries the log of an edition keeps. */
  logLength: number;
  /** How many replicas must have a commit before it is acknowledged. */
  replicas?: number;
}

/** The engine on Redis 7 or newer, or on Valkey: how Motograph outgrows one machine. @throws StartError */
export async function openRedis({ url, prefix, editions, logLength, replicas = 0 }: RedisSettings): Promise<Engine> {
  // Three connections: SUBSCRIBE needs one of its own, and a WAIT holds up what was sent after it.
  const [reading, writing, listening] = await openLinks(url);
  const writer = createWriter(writing, replicas);
  const subscriber = createSubscriber(listening);
  const probe = startProbe(listening, writing, `${prefix}:probe:${randomUUID()}`);

  return {
    name: 'redis',
    records: createRecords(prefix, reading, writer),
    ...createCommits(prefix, logLength, reading, writer),
    ...createReads(prefix, editions, reading),

    async rotate(edition, seen) {
      const { meta, channel } = keysOf(prefix, edition);
      const args = [seen.epoch, seen.seq, seen.mark, newEpoch(), GENESIS, channel];
      return (await run(writing, ROTATE, [meta], args)) as string;
    },

    subscribe(edition, listener) {
      const { channel, meta } = keysOf(prefix, edition);
      return subscriber.subscribe({ edition, channel, meta }, listener);
    },

    hears: () => probe.hears(),

    durability: () => durabilityOf(writing, replicas),

    async close() {
      probe.stop();
      await Promise.all([reading, writing, listening].map(closeLink));
    },
  };
}

async function openLinks(url: string) {
  const opening = [openLink(url, 'reads'), openLink(url, 'writes'), openLink(url, 'announcements')] as const;
  try {
    return await Promise.all(opening);
  } catch (error) {
    for (const link of await Promise.allSettled(opening)) if (link.status === 'fulfilled') link.value.disconnect();
    throw error;
  }
}

/** Many hosts that sell Redis refuse CONFIG. */
async function durabilityOf(link: Redis, replicas: number): Promise<string> {
  try {
    if (replicas > 0 && (await replicasOf(link)) < replicas) return 'lacks-replicas';
    const reply = (await link.call('CONFIG', 'GET', 'append*', 'maxmemory*')) as string[];
    const setting = (name: string) => reply[reply.indexOf(name) + 1];
    if (setting('maxmemory') !== '0' && setting('maxmemory-policy') !== 'noeviction') return 'evicting';
    const fsync = setting('appendfsync');
    return setting('appendonly') === 'yes' && fsync !== 'no' ? `aof-${fsync}` : 'none';
  } catch (error) {
    if (isReply(error)) return 'unknown';
    throw unavailable(error);
  }
}

async function replicasOf(link: Redis): Promise<number> {
  return Number(/^connected_slaves:(\d+)/m.exec(await link.info('replication'))?.[1] ?? 0);
}
