import { createServer, type Server } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startError } from '../../server/engines/redis/start.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { StartError } from '../../server/errors.ts';
import { freePort } from '../support/redis/ready.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

async function failureOf(url: string): Promise<{ message: string; ms: number }> {
  const start = Date.now();
  const error = await openRedis({ url, prefix: 'test', editions: ['en'], logLength: 10 }).then(
    () => expect.unreachable('it opened'),
    (error: unknown) => error,
  );
  if (!(error instanceof StartError)) throw error;
  expect(error.message).not.toMatch(/\n|\.\./);
  expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toMatch(/s3cret|%23/);
  return { message: error.message, ms: Date.now() - start };
}

/** What a Redis of that version answers to the commands that open a connection. */
function answers(sent: string, version: string, info: string): string {
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  const answer = (command: string) => {
    if (/\bhello\b/i.test(command)) return `%1\r\n${bulk('version')}${bulk(version)}`;
    return /\binfo\r\n$/i.test(command) ? bulk(info) : '+OK\r\n';
  };
  return sent
    .split(/\*\d+\r\n/)
    .slice(1)
    .map(answer)
    .join('');
}

describe('opening Redis', () => {
  let stub: Server | undefined;
  afterEach(() => stub?.close());

  async function listen(answer: (command: string) => string): Promise<number> {
    const port = await freePort();
    stub = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => socket.write(answer(String(data))));
    });
    await new Promise<void>((done) => stub?.listen(port, '127.0.0.1', done));
    return port;
  }

  it.each(['127.0.0.1', 'localhost'])('says what to do when nobody listens at %s', async (host) => {
    const port = await freePort();
    const { message, ms } = await failureOf(`redis://user:s3cret@${host}:${port}/1?password=s3cret`);
    expect(message).toBe(
      `Cannot reach Redis at redis://${host}:${port}/1: connect ECONNREFUSED. Start it or correct REDIS_URL.`,
    );
    expect(ms).toBeLessThan(1_000);
  });

  it('names the reason when a name stands for several addresses', () => {
    const refused = (address: string) =>
      Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED', syscall: 'connect' });
    const failure = new AggregateError([refused('::1:6379'), refused('127.0.0.1:6379')]);
    expect(startError('redis://localhost', failure).message).toContain(
      'redis://localhost: connect ECONNREFUSED. Start',
    );
  });

  it('gives up on a server that says nothing', async () => {
    const port = await listen(() => '');
    const { message, ms } = await failureOf(`redis://127.0.0.1:${port}`);
    expect(message).toBe(
      `Cannot reach Redis at redis://127.0.0.1:${port}: not ready within 5 s. Start it or correct REDIS_URL.`,
    );
    expect(ms).toBeLessThan(6_000);
  });

  it('gives up on a server that goes on loading its data', async () => {
    const info = 'loading:1\r\nloading_eta_seconds:1\r\n';
    const port = await listen((sent) => answers(sent, '7.0.0', info));
    const { message, ms } = await failureOf(`redis://127.0.0.1:${port}`);
    expect(message).toContain('not ready within 5 s');
    expect(ms).toBeLessThan(6_000);
  });

  it('gives up on a server that is no Redis', async () => {
    const port = await listen(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect((await failureOf(`redis://127.0.0.1:${port}`)).message).toMatch(/^Cannot reach Redis at redis:/);
  });

  it('refuses a Redis that is too old', async () => {
    const six = await listen((sent) => answers(sent, '6.2.14', ''));
    expect((await failureOf(`redis://127.0.0.1:${six}`)).message).toBe(
      `Redis at redis://127.0.0.1:${six} is version 6.2.14. Use Redis 7 or newer, or Valkey.`,
    );
  });

  it.each([
    'redis://user:s3cret#1@host',
    'redis://user:1/s3cret@host',
    'redis://user:1?s3cret@host',
    'redis://:s3cret%@:x',
    'not an address s3cret',
  ])('refuses the address %s without repeating it', async (url) => {
    expect((await failureOf(url)).message).toMatch(/^REDIS_URL is not an address like/);
  });

  describe('that asks for a password', () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
      const admin = new Redis(redis.url);
      await admin.config('SET', 'requirepass', 'right');
      admin.disconnect();
    });
    afterAll(() => redis.stop());

    it.each([
      ['a wrong one', ':s3cret@', 'WRONGPASS'],
      ['none', '', 'NOAUTH'],
    ])('is told apart when given %s', async (_, credentials, code) => {
      const { message } = await failureOf(redis.url.replace('//', `//${credentials}`));
      expect(message).toContain(`Redis at ${redis.url} refuses to let us in: ${code}`);
      expect(message).toMatch(/Correct REDIS_URL\.$/);
    });

    it('opens with the right one', async () => {
      const url = redis.url.replace('//', '//:right@');
      const engine = await openRedis({ url, prefix: 'test', editions: ['en'], logLength: 10 });
      expect(await engine.durability()).toBe('aof-always');
      await engine.close();
    });
  });

  it('refuses a database that the server does not have, where the client would go on in database 0', async () => {
    const redis = await startRedis();
    expect((await failureOf(`${redis.url}/99`)).message).toContain('DB index is out of range');
    const engine = await openRedis({ url: `${redis.url}/3`, prefix: 'test', editions: ['en'], logLength: 10 });
    await engine.close();
    await redis.stop();
  });

  it('tells what an acknowledgement is worth', async () => {
    const redis = await startRedis();
    const admin = new Redis(redis.url);
    const engine = await openRedis({ url: redis.url, prefix: 'test', editions: ['en'], logLength: 10 });
    const worth = async (settings: Record<string, string>) => {
      for (const [name, value] of Object.entries(settings)) await admin.config('SET', name, value);
      return engine.durability();
    };
    expect(await worth({ appendfsync: 'always' })).toBe('aof-always');
    expect(await worth({ appendfsync: 'everysec' })).toBe('aof-everysec');
    expect(await worth({ 'maxmemory-policy': 'allkeys-lru' })).toBe('aof-everysec');
    expect(await worth({ maxmemory: '100mb' })).toBe('evicting');
    expect(await worth({ 'maxmemory-policy': 'noeviction' })).toBe('aof-everysec');
    expect(await worth({ appendfsync: 'no' })).toBe('none');
    expect(await worth({ appendonly: 'no' })).toBe('none');
    await engine.close();
    admin.disconnect();
    await redis.stop();
  });
});
