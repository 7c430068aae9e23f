import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** The clock ticks of /proc: 100 a second on every Linux that Node runs on. */
const TICKS = 100;
const PAGE_KIB = 4;

/** Seconds of CPU that the processes have used, with all their threads and children, by the kernel's own accounting. */
export function cpuOf(roots: readonly number[]): number {
  let ticks = 0;
  for (const pid of family(roots)) {
    const stat = read(`/proc/${pid}/stat`);
    // The name may hold spaces and brackets; what follows its last bracket is plain. utime, stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const at of [11, 12, 13, 14]) ticks += Number(fields[at] ?? 0);
  }
  return ticks / TICKS;
}

/** KiB resident, of all of them. */
export function residentOf(roots: readonly number[]): number {
  let kib = 0;
  for (const pid of family(roots)) kib += Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return kib;
}

/** KiB that the kernel holds for all TCP sockets of this machine. */
export function socketMemory(): number {
  return Number(/^TCP: .* mem (\d+)/m.exec(read('/proc/net/sockstat'))?.[1] ?? 0) * PAGE_KIB;
}

/** KiB that wait in the kernel: written to the server's sockets and not yet taken by the other side, and come in unread. */
export function queuesOf(port: number): { unsent: number; unread: number } {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const bytes = { unsent: 0, unread: 0 };
  for (const line of read('/proc/net/tcp').split('\n')) {
    const [, local = '', remote = '', , queues = ''] = line.trim().split(/\s+/);
    const [send = '0', receive = '0'] = queues.split(':');
    if (local.endsWith(hex)) bytes.unsent += Number.parseInt(send, 16);
    if (remote.endsWith(hex)) bytes.unread += Number.parseInt(receive, 16);
  }
  return { unsent: bytes.unsent / 1024, unread: bytes.unread / 1024 };
}

export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
}

/** The processes with all that they have started and that still stands under them. */
export function family(roots: readonly number[]): Set<number> {
  const found = new Set(roots);
  for (const pid of found)
    for (const thread of list(`/proc/${pid}/task`))
      for (const child of read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean))
        found.add(Number(child));
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
