import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { operator } from '../../server/commands/office.ts';
import { readSettings } from '../../server/config.ts';
import { openOffice } from '../../server/office.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Link, startLink } from './link.ts';
import type { Plan } from './plan.ts';

export interface Store {
  redis: TestRedis;
  admin: Redis;
}

interface Node {
  process: ServerProcess | undefined;
  link: Link | undefined;
}

/** The real thing: a store, and nodes in processes of their own, each with a network of its own to the store. */
export class Cluster {
  readonly store: Store | undefined;
  readonly nodes: Node[];
  readonly #folder: string;
  readonly #plan: Plan;
  #stopped = false;

  static async start(plan: Plan): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'motograph-oracle-'));
    const redis = plan.engine === 'redis' ? await startRedis() : undefined;
    const store = redis && { redis, admin: new Redis(redis.url) };
    store?.admin.on('error', () => {});
    const cluster = new Cluster(plan, folder, store);
    for (let at = 0; at < plan.nodes; at++)
      cluster.nodes.push({ process: undefined, link: redis && (await startLink(redis.url)) });
    return cluster;
  }

  private constructor(plan: Plan, folder: string, store: Store | undefined) {
    this.#plan = plan;
    this.#folder = folder;
    this.store = store;
    this.nodes = [];
  }

  /** The addresses of the nodes that serve. */
  get urls(): string[] {
    return this.nodes.flatMap(({ process }) => process?.url ?? []);
  }

  /** What a process of ours needs to reach the store, past all that is broken between. */
  env(url = this.store?.redis.url): Record<string, string> {
    return {
      DATA_DIR: this.#folder,
      PORT: '0',
      LOG_LENGTH: `${this.#plan.logLength}`,
      HEARTBEAT_MS: '1000',
      DRAIN_MS: '1000',
      ACCEPTS_PER_SECOND: '1000',
      ...(url !== undefined && { REDIS_URL: url, REDIS_PREFIX: 'oracle' }),
    };
  }

  async up(at: number): Promise<void> {
    const node = this.#node(at);
    const started = await startProcess(this.env(node.link?.url));
    // `localhost` may be tried by another address first.
    node.process = { ...started, url: started.url.replace('localhost', '127.0.0.1') };
    if (this.#stopped) await this.down(at, 'SIGKILL');
  }

  async down(at: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const node = this.#node(at);
    const { process } = node;
    node.process = undefined;
    return process ? process.end(signal) : null;
  }

  async restartAll(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all(this.nodes.map((_, at) => this.down(at, signal)));
    await Promise.all(this.nodes.map((_, at) => this.up(at)));
  }

  /** Kill -9 and start, with nobody at the door meanwhile: a knock at a closed port may take the port itself. */
  async restartStore(between: () => Promise<unknown>): Promise<void> {
    const { redis, admin } = this.store ?? noStore();
    for (const { link } of this.nodes) link?.down();
    admin.disconnect();
    await redis.kill();
    await between();
    // The port may have been somebody's for a moment.
    await redis.start().catch(async () => {
      await redis.kill();
      await redis.start();
    });
    await admin.connect();
  }

  openLinks(): void {
    for (const { link } of this.nodes) link?.up();
  }

  async addKey(): Promise<string> {
    const { keys, engine } = await openOffice(readSettings(this.env()));
    const { key } = await keys.add(operator(), { name: 'oracle', role: 'chief', editions: ['*'] });
    await engine.close();
    return key;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.nodes.map((_, at) => this.down(at, 'SIGKILL')));
    for (const { link } of this.nodes) link?.close();
    this.store?.admin.disconnect();
    await this.store?.redis.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #node(at: number): Node {
    const node = this.nodes[at];
    if (!node) throw new Error(`no node ${at}`);
    return node;
  }
}

function noStore(): never {
  throw new Error('no Redis in this run');
}
