import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startInDocker } from './redis/docker.ts';
import { installRedis } from './redis/install.ts';
import { findBinary, startBinary } from './redis/local.ts';
import { whenReady } from './redis/ready.ts';

/** A real Redis of one's own, to be broken at will. It keeps what it acknowledged on disk, and its address for ever. */
export interface TestRedis {
  readonly url: string;
  /** Where another one reaches it, to be its replica. */
  readonly peer: { host: string; port: number };
  /** Ends it without a chance to save anything. */
  kill(): Promise<void>;
  /** After `kill`: starts it with what its disk holds. */
  start(): Promise<void>;
  /** Connections stay open and nothing is answered until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Removes it with all it holds. */
  stop(): Promise<void>;
}

/** In Docker where a Docker engine runs, else the machine's own, which is installed if there is a way. */
export async function startRedis(): Promise<TestRedis> {
  if (await dockerRuns()) return startInDocker();
  const binary = (await findBinary()) ?? (await installRedis());
  if (binary) return startBinary(binary);
  throw new Error(
    'The tests need a real Redis. Start Docker, or install redis-server (7 or newer) or valkey-server so that it is ' +
      'on the PATH; REDIS_URL replaces the shared one only.',
  );
}

/** The one that all test files share: that of `REDIS_URL`, or a new one. */
export async function sharedRedis(): Promise<Pick<TestRedis, 'url' | 'stop'>> {
  const url = process.env.REDIS_URL;
  if (!url) return startRedis();
  await whenReady(url);
  return { url, stop: async () => {} };
}

async function dockerRuns(): Promise<boolean> {
  return promisify(execFile)('docker', ['info'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}
