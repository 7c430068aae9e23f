import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinary } from '../../support/redis/local.ts';
import { DURABLE, freePort, whenReady } from '../../support/redis/ready.ts';
import { newFolder, start } from '../child.ts';
import { draft } from '../payload.ts';
import type { Peer, StartPeer } from './peer.ts';

/** Another checkout may be measured in place of this one. */
const REPOSITORY = process.env.BENCH_REPOSITORY ?? join(import.meta.dirname, '../../..');
const MAIN = join(REPOSITORY, 'server/main.ts');

/** Settings of Motograph that are in the environment of the bench go on to it. */
const PASSED = ['LOG_LENGTH', 'HEARTBEAT_MS'];
/** No pacing of accepts and no drain: peers have none, and connecting is measured too. */
const UNPACED = { MAX_READERS: '100000', ACCEPTS_PER_SECOND: '100000', DRAIN_MS: '0' };

export const embedded: StartPeer = () => motograph('Motograph', {});

export const onRedis: StartPeer = async () => {
  const binary = await findBinary();
  if (!binary) {
    console.log('Motograph on Redis: skipped, there is no redis-server or valkey-server on the path');
    return undefined;
  }
  const port = await freePort();
  const redis = start([binary, '--bind', '127.0.0.1', '--port', `${port}`, '--dir', newFolder(), ...DURABLE]);
  const url = `redis://127.0.0.1:${port}`;
  await whenReady(url);
  const peer = await motograph('Motograph on Redis', { REDIS_URL: url });
  const stop = () => peer.stop().then(redis.stop);
  return { ...peer, pids: [...peer.pids, redis.pid], stop };
};

async function motograph(name: string, more: Record<string, string>): Promise<Peer> {
  const folder = newFolder();
  const passed = PASSED.flatMap((word) => (process.env[word] ? [[word, process.env[word]]] : []));
  const env = { DATA_DIR: join(folder, 'data'), PORT: '0', ...UNPACED, ...Object.fromEntries(passed), ...more };
  const key = await newKey(env);
  const child = start([process.execPath, ...(await flags()), ...(await profiled()), MAIN, 'serve'], env);
  const [, port] = await child.said(/"url":"[^"]+:(\d+)"/);
  return {
    name,
    port: Number(port),
    pids: [child.pid],
    kind: 'ws',
    path: '/v1/editions/en/live',
    ready: 1,
    door: {
      path: '/v1/items',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: (publication) => JSON.stringify(draft(publication)),
    },
    stop: child.stop,
  };
}

async function newKey(env: Record<string, string>): Promise<string> {
  const args = [MAIN, 'key', 'add', 'bench', '--role', 'editor'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH, ...env } });
  return stdout.trim();
}

/** Those that `npm start` gives it. */
async function flags(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
  return scripts.start.split(' ').filter((word: string) => word.startsWith('--'));
}

/** BENCH_PROFILE names a folder for CPU profiles. */
async function profiled(): Promise<string[]> {
  const folder = process.env.BENCH_PROFILE;
  if (!folder) return [];
  await mkdir(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
