import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { newFolder, start } from './child.ts';
import type { Peer } from './peers/peer.ts';
import { cpuOf } from './usage.ts';

/** What the readers' own process counted since `clear`. Times in milliseconds from the moment a publication was due. */
export interface Report {
  received: number;
  twice: number;
  bytes: number;
  resets: number;
  closed: number;
  failed: number;
  p50: number;
  p99: number;
  max: number;
  /** By publication: when its last reader had it. */
  last: { p50: number; p99: number; max: number };
}

export interface Readers {
  count: number;
  /** Every frame as {u32 reader, u32 length, payload}, with `tee`. */
  frames: Readable;
  opened: () => Promise<void>;
  report: () => Promise<Report>;
  tell: (command: 'clear' | 'pause' | 'resume') => Promise<void>;
  cpu: () => number;
  stop: () => Promise<void>;
}

export interface Wanted {
  count: number;
  /** The highest number that a publication will have. */
  messages: number;
  paths?: string[];
  kind?: Peer['kind'];
  /** Frames after which a reader counts as open. */
  ready?: number;
  tee?: boolean;
}

const built = new Map<string, string>();

/** Compiled at first use: in anything slower the readers would be what is measured. */
export function compiled(name: 'readers' | 'floor'): string {
  const held = built.get(name);
  if (held) return held;
  const out = join(newFolder(), name);
  execFileSync('cc', ['-O2', '-o', out, join(import.meta.dirname, 'c', `${name}.c`)], { stdio: 'inherit' });
  built.set(name, out);
  return out;
}

export function startReaders(peer: Peer, { count, messages, ...more }: Wanted): Readers {
  const { paths = [peer.path], kind = peer.kind, ready = peer.ready, tee = false } = more;
  const numbers = [peer.port, count].map(String);
  const rest = [kind, ready, messages + 1, tee ? 1 : 0].map(String);
  const child = start([compiled('readers'), '127.0.0.1', ...numbers, ...rest, ...paths]);
  let asked = 0;
  return {
    count,
    frames: child.process.stdio[3] as Readable,
    async opened() {
      const [, open] = await child.said(/"event":"open","open":(\d+)/);
      if (Number(open) < count) throw new Error(`${peer.name}: only ${open} of ${count} readers could connect`);
    },
    async report() {
      asked += 1;
      child.process.stdin?.write(`report ${asked}\n`);
      const [line] = await child.said(new RegExp(`.*"event":"report ${asked}".*`));
      return JSON.parse(line);
    },
    async tell(command) {
      asked += 1;
      child.process.stdin?.write(`${command} ${asked}\n`);
      await child.said(new RegExp(`"event":"${command} ${asked}"`));
    },
    cpu: () => cpuOf([child.pid]),
    stop: child.stop,
  };
}
