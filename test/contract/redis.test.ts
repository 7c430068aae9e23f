import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import type { Engine } from '../../server/engine.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { bytesOf, keysUnder } from '../support/redis/dump.ts';
import { engineContract } from './engine.ts';
import type { Open } from './harness.ts';
import { recordsContract } from './records.ts';

const open: Open = async ({ logLength }) => {
  const url = inject('redisUrl');
  const prefix = `test-${randomUUID()}`;
  const eye = new Redis(url);
  let engines: Engine[] = [];
  const openOne = async () => {
    const engine = await openRedis({ url, prefix, editions: ['en', 'uk'], logLength });
    engines.push(engine);
    return engine;
  };
  const closeAll = async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    engines = [];
  };
  let engine = await openOne();
  return {
    get engine() {
      return engine;
    },
    another: openOne,
    async reopen() {
      await closeAll();
      engine = await openOne();
      return engine;
    },
    async rawSearch(text) {
      const places = await Promise.all(
        (await keysUnder(eye, prefix)).map(async (key) => {
          const holds = key.includes(text) || (await bytesOf(eye, key)).includes(text);
          return holds ? [key] : [];
        }),
      );
      return places.flat();
    },
    async close() {
      await closeAll();
      const keys = await keysUnder(eye, prefix);
      if (keys.length > 0) await eye.unlink(...keys);
      eye.disconnect();
    },
  };
};

engineContract('redis', open);
recordsContract('redis', open);
