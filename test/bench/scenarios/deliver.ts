import type { Figures, Load } from '../measure.ts';
import { delivery, middle, type Options, ratios, repeat } from '../runs.ts';
import { median, printTable, printTarget } from '../table.ts';

const ALL = ['motograph', 'ws', 'socket.io', 'uws', 'nchan', 'floor'];
const HEAD = [
  ...['', 'due', 'received', 'lost %', 'CPU µs/delivery', 'without publishing', 'ratio', 'µs/publication'],
  ...['p50 ms', 'p99 ms', 'max ms', 'last reader p99', 'µs/connection', 'KiB/reader', 'peak MiB', 'kernel MiB'],
  ...['server core %', 'load core %', 'bytes'],
];

/** Ten headlines a second: what a very busy day looks like. */
export async function routine(options: Options): Promise<void> {
  const results = await compare({ readers: 5_000, rate: 10, seconds: 20, ...options }, options);
  if (!results.has('motograph')) return;
  const cpu = (peer: string) => ratios(results, 'motograph', peer, ({ perDelivery }) => perDelivery);
  if (results.has('nchan')) printTarget("CPU per delivery, to nchan's", cpu('nchan'), 1.2);
  if (results.has('socket.io')) printTarget("CPU per delivery, to Socket.IO's", cpu('socket.io'), 0.7);
}

/** A hundred a second: more than one core can write a socket each. */
export async function burst(options: Options): Promise<void> {
  const results = await compare({ readers: 5_000, rate: 100, seconds: 20, ...options }, options);
  const mine = results.get('motograph');
  if (!mine) return;
  printTarget(
    'deliveries lost',
    mine.map(({ due, received }) => due - received),
    0,
  );
  printTarget(
    'p99 ms',
    mine.map(({ p99 }) => p99),
    150,
  );
  if (!results.has('uws')) return;
  const against = (figure: (figures: Figures) => number) => ratios(results, 'motograph', 'uws', figure);
  const p99 = against((figures) => figures.p99);
  printTarget("p99, to uWebSockets.js's", p99, 1);
  const cpu = against(({ perDelivery }) => perDelivery);
  printTarget("CPU per delivery, to uWebSockets.js's", cpu, 1.15);
}

/** The same on Redis: how much later the last reader has it. */
export async function redis(options: Options): Promise<void> {
  const peers = ['motograph', 'redis'];
  const results = await compare({ readers: 5_000, rate: 10, seconds: 20, ...options }, { ...options, peers });
  const last = ratios(results, 'redis', 'motograph', (figures) => figures.last.p99);
  printTarget("p99 to the last reader on Redis, to the embedded engine's", last, 1.3);
}

export async function compare(load: Load, { peers = ALL, runs }: Options): Promise<Map<string, Figures[]>> {
  const cases = peers.map((peer) => delivery(peer, load));
  const results = await repeat(cases, runs);
  printFigures(results);
  return results;
}

/** @param to what the ratio of CPU per delivery is to */
export function printFigures(results: Map<string, Figures[]>, to = 'motograph'): void {
  const rows = [...results].map(([name, all]) => {
    const mid = (figure: (figures: Figures) => number) => middle(all, figure);
    return [
      name,
      mid(({ due }) => due),
      mid(({ received }) => received),
      mid(({ due, received }) => (1 - received / due) * 100),
      mid(({ perDelivery }) => perDelivery),
      mid(({ perDeliveryNet }) => perDeliveryNet),
      median(ratios(results, name, to, ({ perDelivery }) => perDelivery)),
      Math.round(mid(({ perPublication }) => perPublication)),
      mid(({ p50 }) => p50),
      mid(({ p99 }) => p99),
      mid(({ max }) => max),
      mid(({ last }) => last.p99),
      Math.round(mid(({ perConnection }) => perConnection)),
      mid(({ perReader }) => perReader),
      Math.round(mid(({ peakResident }) => peakResident / 1024)),
      Math.round(mid(({ peakSockets }) => peakSockets / 1024)),
      Math.round(mid(({ serverShare }) => serverShare * 100)),
      Math.round(mid(({ readersShare }) => readersShare * 100)),
      Math.round(mid(({ bytes, received }) => bytes / received)),
    ];
  });
  printTable(HEAD, rows);
  for (const [name, all] of results) {
    const wrong = all.filter(({ twice, closed, resets }) => twice + closed + resets > 0);
    for (const { twice, closed, resets } of wrong)
      console.log(`  ${name}: ${twice} twice, ${closed} closed, ${resets} resets`);
  }
}
