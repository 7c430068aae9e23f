import { setTimeout as wait } from 'node:timers/promises';
import { type Figures, measure } from '../measure.ts';
import type { Peer } from '../peers/peer.ts';
import { startReaders } from '../readers.ts';
import { rowKeeper, wanted } from '../rows.ts';
import { middle, type Options, ratios, repeat, withPeer } from '../runs.ts';
import { printTarget, shown } from '../table.ts';
import { printFigures } from './deliver.ts';

const SLOW = 500;
const QUIET_MS = 3_000;
/** A write of 256 KB that waits, for each of those who stopped. */
const MOST_MIB = (SLOW * 256) / 1024;

type Outcome = Figures & { right: number };

/** Readers that stop reading while much is published: what the others notice, what it takes, and how they end. */
export async function slow({ readers = 5_000, rate = 100, seconds = 20, runs }: Options): Promise<void> {
  const others = readers - SLOW;
  const load = { readers: others, rate, seconds };
  const results = await repeat<Outcome>(
    [
      {
        name: 'without',
        run: () => withPeer('motograph', async (peer) => ({ ...(await measure(peer, load)), right: 0 })),
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
  const took = middle(all, (one) => one.peakSockets) - middle(rest, (one) => one.peakSockets);
  console.log(`  for each of the ${SLOW} that stopped reading the kernel took ${shown(took / SLOW)} KiB`);
  printTarget(
    'p99 of the others, to that without',
    ratios(results, 'with', 'without', ({ p99 }) => p99),
    1.2,
  );
  printTarget(
    'MiB of the process more than without',
    all.map(({ peakResident }, run) => (peakResident - (rest[run]?.peakResident ?? 0)) / 1024),
    MOST_MIB,
  );
  printTarget('of those, without the right rows in the end', [SLOW - Math.min(...all.map(({ right }) => right))], 0);

  async function stopped(peer: Peer): Promise<Outcome> {
    const messages = (seconds + 30) * rate;
    const sleepers = startReaders(peer, { count: SLOW, messages, tee: true });
    const rows = rowKeeper(sleepers.frames, peer);
    await sleepers.opened();
    await sleepers.tell('pause');
    const figures = await measure(peer, load);
    await sleepers.tell('resume');
    await rows.quiet(QUIET_MS);
    await wait(QUIET_MS);
    const goal = await wanted(peer);
    const right = rows.listed().filter((list) => list === goal).length;
    await sleepers.stop();
    return { ...figures, right };
  }
}
