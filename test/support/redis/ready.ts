import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';

const READY_MS = 10_000;

/** Resolves once Redis answers and has loaded what its disk holds. */
export async function whenReady(url: string): Promise<void> {
  let reason = '';
  for (const end = Date.now() + READY_MS; Date.now() < end; await wait(20)) {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, commandTimeout: 1_000 });
    redis.on('error', (error: Error) => {
      reason = error.message;
    });
    const ready = await redis.connect().then(
      () => true,
      () => false,
    );
    redis.disconnect();
    if (ready) return;
  }
  throw new Error(`Redis for the tests did not answer within ${READY_MS / 1_000} s: ${reason}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Nothing acknowledged may be lost, whatever a test does to the server. */
export const DURABLE = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
