import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command of the command line, run to its end in a process of its own. */
export async function motograph(
  args: string[],
  env: Record<string, string>,
  input: string | Buffer = '',
): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    ran.stdout += data;
  });
  child.stderr.on('data', (data) => {
    ran.stderr += data;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, ...ran };
}

export interface ServerProcess {
  url: string;
  /** Resolves when the process has ended, with its exit code. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}

/** A server in a process of its own, once it serves. Ends with the test process at the latest. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { PATH: process.env.PATH, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return {
      url,
      async end(signal) {
        process.off('exit', orphan);
        child.kill(signal);
        const [code] = await exited;
        return code;
      },
    };
  }
  throw new Error(`the server did not start: ${said.join('\n')}`);
}

export interface Tail {
  /** Resolves once what was said on either stream fits. */
  until: (words: RegExp) => Promise<void>;
  end: () => Promise<number | null>;
}

/** `motograph tail en`, while it runs. */
export function startTail(env: Record<string, string>): Tail {
  const child = spawn(process.execPath, [MAIN, 'tail', 'en'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'pipe',
  });
  const exited = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data;
      child.emit('said');
    });
  return {
    async until(words) {
      while (!words.test(said)) await once(child, 'said', { signal: AbortSignal.timeout(10_000) });
    },
    async end() {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}

/** Reads one line of what a command prints, and no more, as `| head -1` does. */
export async function firstLineOf(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = await once(child, 'exit');
  return { code, stderr };
}
