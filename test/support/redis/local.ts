import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestRedis } from '../redis.ts';
import { DURABLE, freePort, whenReady } from './ready.ts';

const NAMES = ['redis-server', 'valkey-server'];
/** Ends the server when its standard input ends, as it does however the test process dies. */
const GUARD = '"$@" >/dev/null 2>&1 & echo $!; cat; kill -9 $!';

interface Running {
  pid: number;
  guard: ChildProcess;
}

export async function findBinary(): Promise<string | undefined> {
  for (const name of NAMES)
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  return undefined;
}

export async function startBinary(binary: string): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'motograph-redis-'));
  const log = join(folder, 'redis.log');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const place = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder, '--logfile', log];
  let running: Running;

  async function start(): Promise<void> {
    running = await spawnGuarded([binary, ...place, ...DURABLE]);
    try {
      await whenReady(url);
    } catch (error) {
      throw new Error(`${binary} does not start: ${await readFile(log, 'utf8').catch(() => '')}`, { cause: error });
    }
  }

  async function kill(): Promise<void> {
    running.guard.stdin?.end();
    if (running.guard.exitCode === null && running.guard.signalCode === null) await once(running.guard, 'exit');
  }

  await start();
  return {
    url,
    peer: { host: '127.0.0.1', port },
    kill,
    start,
    async pause() {
      process.kill(running.pid, 'SIGSTOP');
    },
    async resume() {
      process.kill(running.pid, 'SIGCONT');
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function spawnGuarded(command: string[]): Promise<Running> {
  const guard = spawn('sh', ['-c', GUARD, 'sh', ...command], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(guard.stdout, 'data');
  return { pid: Number(String(line).trim()), guard };
}
