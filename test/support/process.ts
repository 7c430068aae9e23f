import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

const children = new Set<ChildProcess>();
// One listener for all of them: one for each would make Node warn of a leak.
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

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
  pid: number;
  /** What it has written to stderr so far, line by line. */
  said: readonly string[];
  signal: (signal: NodeJS.Signals) => void;
  /** Resolves when the process has ended, by itself or not, with its exit code. */
  ended: Promise<number | null>;
  /** Resolves when the process has ended, with its exit code. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}

/** A server in a process of its own, once it serves. Ends with the test process at the latest. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { PATH: process.env.PATH, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code;
  });
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr })
      .on('line', (line) => {
        said.push(line);
        const found = /"url":"([^"]+)"/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      })
      .on('close', () => reject(new Error(`the server did not start: ${said.join('\n')}`)));
  });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return {
    url,
    pid: child.pid ?? 0,
    said,
    signal,
    ended,
    end(name) {
      signal(name);
      return ended;
    },
  };
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
