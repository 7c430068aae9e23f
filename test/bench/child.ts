import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { family } from './usage.ts';

/** As many descriptors as this user may have: each reader is one on both sides. */
const LIMITED = 'ulimit -n 131072 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"';
const STOP_MS = 8_000;

const children = new Set<ChildProcess>();
const folders = new Set<string>();

export interface Child {
  pid: number;
  process: ChildProcess;
  /** The first line on stdout or stderr that fits. */
  said: (form: RegExp) => Promise<RegExpExecArray>;
  stop: () => Promise<void>;
}

export function start(command: string[], env: Record<string, string> = {}): Child {
  const child = spawn('sh', ['-c', LIMITED, 'sh', ...command], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  children.add(child);
  const exited = once(child, 'exit').finally(() => children.delete(child));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      if (lines.push(line) > 200) lines.shift();
      for (const look of waiting) look();
    });
  return { pid: child.pid ?? 0, process: child, said, stop };

  function said(form: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.map((line) => form.exec(line)).find((match) => match !== null);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      exited.then(() => reject(new Error(`${command.join(' ')} ended: ${lines.slice(-5).join('\n')}`)), reject);
    });
  }

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** A folder that goes with this process. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'motograph-bench-'));
  folders.add(folder);
  return folder;
}

/** However this process ends, nothing of it goes on. */
export function leaveNothing(): void {
  process.once('exit', () => {
    // All of each family: a killed nginx leaves its workers.
    for (const pid of family([...children].map(({ pid }) => pid ?? 0))) kill(pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}

function kill(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
