import { setTimeout as wait } from 'node:timers/promises';
import { type Figures, measure } from '../measure.ts';
import type { Peer } from '../peers/peer.ts';
import { startReaders } from '../readers.ts';
import { rowKeeper, wanted } from '../rows.ts';
import { middle, type Options, ratios, repeat, withPeer } from '../runs.ts';
import { printTarget, shown } from '../table.ts';
import { queuesOf } from '../usage.ts';
import { printFigures } from './deliver.ts';

const QUIET_MS = 3_000;
/** One write of 256 KB that waits, for each of those who stopped. */
const WRITE_MIB = 0.25;

type Outcome = Figures & { right: number; unsent: number; unread: number };

/** Readers that stop reading while much is published: what the others notice, what it takes, and how they end. */
export async function slow({ readers = 5_000, rate = 100, seconds = 20, runs }: Options): Promise<void> {
  const few = Math.round(readers / 10);
  const others = readers - few;
  const load = { readers: others, rate, seconds };
  const results = await repeat<Outcome>(
    [
      {
        name: 'without',
        run: () => withPeer('motograph', async (peer) => ({ ...(await measure(peer, load)), ...NOBODY })),
      },
      { name: 'with', run: () => withPeer('motograph', stopped) },
    ],
    runs,
  );
  printFigures(results, 'without');
  const all = results.get('with') ?? [];
  const rest = results.get('without') ?? [];
  const mib = (figures: readonly Figures[], figure: (one: Figures) => number) => shown(middle(figures, figure) / 1024);
  for (const [name, figures] of results) {
    const process = `${mib(figures, (one) => one.startResident)} MiB before, ${mib(figures, (one) => one.peakResident)} at most`;
    const kernel = `${mib(figures, (one) => one.startSockets)} before, ${mib(figures, (one) => one.peakSockets)} at most`;
    console.log(`  ${name}: the process ${process}; the kernel for all sockets ${kernel}`);
  }
  const each = (figure: (one: Outcome) => number) => shown(middle(all, figure) / few);
  const took = middle(all, (one) => one.peakSockets) - middle(rest, (one) => one.peakSockets);
  console.log(
    `  each of the ${few} that stopped reading: ${shown(took / few)} KiB of the kernel for both ends, of which data ` +
      `${each(({ unsent }) => unsent)} KiB on the server's and ${each(({ unread }) => unread)} KiB on the reader's`,
  );
  printTarget(
    'p99 of the others, to that without',
    ratios(results, 'with', 'without', ({ p99 }) => p99),
    1.2,
  );
  printTarget(
    'MiB of the process more than without',
    all.map(({ peakResident }, run) => (peakResident - (rest[run]?.peakResident ?? 0)) / 1024),
    few * WRITE_MIB,
  );
  printTarget('of those, without the right rows in the end', [few - Math.min(...all.map(({ right }) => right))], 0);

  async function stopped(peer: Peer): Promise<Outcome> {
    const { promise: asleep, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof fallAsleep>>>();
    const figures = await measure(peer, load, async () => resolve(await fallAsleep(peer)));
    const { sleepers, rows } = await asleep;
    const queues = queuesOf(peer.port);
    await sleepers.tell('resume');
    await rows.quiet(QUIET_MS);
    await wait(QUIET_MS);
    const goal = await wanted(peer);
    const right = rows.listed().filter((list) => list === goal).length;
    await sleepers.stop();
    return { ...figures, ...queues, right };
  }

  async function fallAsleep(peer: Peer) {
    const sleepers = startReaders(peer, { count: few, messages: (seconds + 30) * rate, tee: true });
    const rows = rowKeeper(sleepers.frames, peer);
    await sleepers.opened();
    await sleepers.tell('pause');
    return { sleepers, rows };
  }
}

const NOBODY = { right: 0, unsent: 0, unread: 0 };
