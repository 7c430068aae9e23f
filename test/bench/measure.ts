import { setTimeout as wait } from 'node:timers/promises';
import type { Peer } from './peers/peer.ts';
import { type Published, publish } from './publisher.ts';
import { type Readers, type Report, startReaders, type Wanted } from './readers.ts';
import { cpuOf, residentOf, socketMemory } from './usage.ts';

export interface Load {
  readers: number;
  rate: number;
  seconds: number;
  paths?: string[];
  tags?: readonly string[];
}

/** One run of one peer. */
export interface Figures extends Report {
  readers: number;
  due: number;
  published: Published;
  /** Microseconds of CPU: of the server for a delivery, all in all and without what publishing to nobody costs. */
  perDelivery: number;
  perDeliveryNet: number;
  perPublication: number;
  perConnection: number;
  /** KiB. */
  perReader: number;
  startResident: number;
  startSockets: number;
  peakResident: number;
  peakSockets: number;
  /** Shares of one core while publications went on. */
  serverShare: number;
  readersShare: number;
}

/** Before it is measured, code is warm and buffers have grown: at a rate that every peer keeps up with. */
const WARM = { rate: 10, seconds: 3, from: 0 };
/** Readers get this long to come to rest. */
const REST_MS = 1_500;
/** What has not arrived so long after the last publication counts as lost, and so it does when nothing comes any more. */
const LATEST_MS = 10_000;
const QUIET_MS = 3_000;

/**
 * Publishes to nobody, connects, warms up, publishes, and waits until everything has arrived or nothing does any more.
 *
 * @param before runs when all is warm, right before what is measured
 */
export async function measure(peer: Peer, load: Load, before?: () => Promise<void>): Promise<Figures> {
  const { rate, readers: count } = load;
  const alone = await costOf(peer, () => publish(peer, { ...load, from: 0, seconds: Math.min(load.seconds, 8) }));
  const perPublication = (alone.cpu * 1e6) / Math.max(alone.done.count, 1);
  const first = WARM.rate * WARM.seconds;
  const messages = first + Math.round(rate * load.seconds);
  const { readers, perConnection, perReader } = await connect(peer, { ...load, count, messages });
  await publish(peer, { ...load, ...WARM });
  await allIn(readers, count * first);
  await readers.tell('clear');
  const peaks = watch(peer);
  await before?.();
  const startedAt = performance.now();
  const used = { server: cpuOf(peer.pids), readers: readers.cpu() };
  const published = await publish(peer, { ...load, from: first });
  const due = published.count * count;
  const took = (await allIn(readers, due)) - startedAt;
  const cpu = { server: cpuOf(peer.pids) - used.server, readers: readers.cpu() - used.readers };
  const report = await readers.report();
  const memory = peaks();
  await readers.stop();
  const micros = (seconds: number) => (seconds * 1e6) / Math.max(report.received, 1);
  return {
    ...report,
    readers: count,
    due,
    published,
    perPublication,
    perConnection,
    perReader,
    perDelivery: micros(cpu.server),
    perDeliveryNet: micros(cpu.server - (perPublication * published.count) / 1e6),
    ...memory,
    serverShare: (cpu.server * 1e3) / took,
    readersShare: (cpu.readers * 1e3) / took,
  };
}

/**
 * Readers, and what the server needed for each: microseconds of CPU until they have come to rest, and KiB resident
 * `laterMs` after that.
 */
export async function connect(peer: Peer, wanted: Wanted, laterMs: number = 0) {
  const resident = residentOf(peer.pids);
  let readers: Readers | undefined;
  const { cpu, done } = await costOf(peer, async () => {
    readers = startReaders(peer, wanted);
    await readers.opened();
    await wait(REST_MS);
    return readers;
  });
  await wait(laterMs);
  const perReader = (residentOf(peer.pids) - resident) / wanted.count;
  return { readers: done, perConnection: (cpu * 1e6) / wanted.count, perReader };
}

export async function costOf<T>(peer: Peer, work: () => Promise<T>): Promise<{ cpu: number; done: T }> {
  const before = cpuOf(peer.pids);
  const done = await work();
  return { cpu: cpuOf(peer.pids) - before, done };
}

/** When the last delivery had arrived. */
export async function allIn(readers: Readers, due: number): Promise<number> {
  let [received, at] = [0, performance.now()];
  const end = at + LATEST_MS;
  while (performance.now() - at < QUIET_MS && performance.now() < end) {
    const report = await readers.report();
    if (report.received > received) [received, at] = [report.received, performance.now()];
    if (received >= due) return performance.now();
    await wait(100);
  }
  return at;
}

type Memory = Pick<Figures, 'startResident' | 'startSockets' | 'peakResident' | 'peakSockets'>;

/** What is held now, and at most until the answer is asked for. */
function watch(peer: Peer): () => Memory {
  const [startResident, startSockets] = [residentOf(peer.pids), socketMemory()];
  const memory = { startResident, startSockets, peakResident: startResident, peakSockets: startSockets };
  const timer = setInterval(() => {
    memory.peakResident = Math.max(memory.peakResident, residentOf(peer.pids));
    memory.peakSockets = Math.max(memory.peakSockets, socketMemory());
  }, 500);
  return () => {
    clearInterval(timer);
    return memory;
  };
}
