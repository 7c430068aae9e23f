import { setTimeout as wait } from 'node:timers/promises';
import { type Figures, measure } from '../measure.ts';
import type { Peer } from '../peers/peer.ts';
import { startReaders } from '../readers.ts';
import { rowKeeper, wanted } from '../rows.ts';
import { middle, type Options, ratio, repeat, withPeer } from '../runs.ts';
import { printTarget, shown } from '../table.ts';
import { printFigures } from './deliver.ts';

const SLOW = 500;
const QUIET_MS = 3_000;

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
  const more = (figure: (figures: Figures) => number) => shown((middle(all, figure) - middle(rest, figure)) / 1024);
  console.log(
    `  ${SLOW} that stopped reading took ${more((figures) => figures.peakResident)} MiB of the process more,`,
  );
  console.log(`  and ${more((figures) => figures.peakSockets)} MiB of the kernel's socket memory, theirs included`);
  printTarget(
    'p99 of the others, to that without',
    ratio(results, 'with', 'without', ({ p99 }) => p99),
    1.2,
  );
  printTarget('of those, without the right rows in the end', SLOW - middle(all, ({ right }) => right), 0);

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
