import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { operator } from '../../server/commands/office.ts';
import { readSettings } from '../../server/config.ts';
import type { Route } from '../../server/http/route.ts';
import { createLog } from '../../server/log.ts';
import { type Office, openOffice } from '../../server/office.ts';
import type { Role } from '../../server/roles.ts';
import { startService } from '../../server/service.ts';
import type { Network } from '../../server/unfurl/network.ts';
import { imageOf, warpTo } from './redis/image.ts';

export const ENGINES = ['embedded', 'redis'] as const;
export type EngineName = (typeof ENGINES)[number];

interface Store {
  env: Record<string, string>;
  remove: () => Promise<void>;
  /** Remembers what it holds now; what that resolves with makes it hold just that again. Nobody may have it open. */
  remember: () => Promise<() => Promise<void>>;
}

/** The environment of a store of its own: a new folder, or a new prefix on the shared Redis. */
export async function newStore(engine: EngineName): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'motograph-test-'));
  const env: Record<string, string> = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
  if (engine === 'redis') {
    env.REDIS_URL = inject('redisUrl');
    env.REDIS_PREFIX = `test-${randomBytes(6).toString('hex')}`;
  }
  const remove = () => rm(folder, { recursive: true, force: true });
  return { env, remove, remember: () => (engine === 'redis' ? rememberKeys(env) : rememberFolder(folder)) };
}

async function rememberFolder(folder: string): Promise<() => Promise<void>> {
  const copy = await mkdtemp(join(tmpdir(), 'motograph-test-'));
  await cp(folder, copy, { recursive: true });
  return async () => {
    await rm(folder, { recursive: true });
    await rename(copy, folder);
  };
}

async function rememberKeys({ REDIS_URL = '', REDIS_PREFIX = '' }: Record<string, string>) {
  const image = await withRedis(REDIS_URL, (redis) => imageOf(redis, REDIS_PREFIX));
  return () => withRedis(REDIS_URL, (redis) => warpTo(redis, image, REDIS_PREFIX));
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  return work(redis).finally(() => redis.disconnect());
}

export interface TestService {
  url: string;
  routes: readonly Route[];
  office: Office;
  api: Api;
  close: () => Promise<void>;
}

/** A real service on a free port, in this process. */
export async function startTestService(
  env: Record<string, string>,
  clock?: Clock,
  network?: Network,
): Promise<TestService> {
  const settings = readSettings(env);
  const office = await openOffice(settings, clock);
  const running = await startService(office, createLog('silent'), network);
  const key = await keyFor(office, 'chief');
  return {
    url: running.url,
    routes: running.routes,
    office,
    api: new Api(running.url, key),
    close: () => running.close(),
  };
}

export async function keyFor({ keys }: Office, role: Role, edition = '*'): Promise<string> {
  return (await keys.add(operator(), { name: 'test', role, editions: [edition] })).key;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the tests look at
export type Answer = { status: number; headers: Headers; body: any };

/** The newsroom's side over HTTP. */
export class Api {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return answerOf(await fetch(`${this.url}${path}`, { headers }));
  }

  async send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return answerOf(
      await fetch(`${this.url}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.#key}`, 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  }

  /** A body as it stands, byte by byte. */
  async sendBytes(path: string, body: Buffer): Promise<Answer> {
    const headers = { Authorization: `Bearer ${this.#key}`, 'Content-Type': 'application/json' };
    return answerOf(await fetch(`${this.url}${path}`, { method: 'POST', headers, body: new Uint8Array(body) }));
  }

  /** Publishes a headline, and throws unless it was. */
  async post(headline: string, fields: Record<string, unknown> = {}): Promise<Answer['body']> {
    const { status, body } = await this.send('/v1/items', { edition: 'en', headline, ...fields });
    if (status !== 201) throw new Error(`not published: ${JSON.stringify(body)}`);
    return body;
  }

  async act(id: string, act: string, body: unknown = {}): Promise<Answer['body']> {
    const answer = await this.send(`/v1/items/${id}/${act}`, body);
    if (answer.status !== 200) throw new Error(`no ${act}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: json && text !== '' ? JSON.parse(text) : text };
}
