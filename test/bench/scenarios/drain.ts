import { type Drained, drain as drainOnce } from '../../support/drain.ts';
import { startRedis } from '../../support/redis.ts';
import { middle, type Options, repeat } from '../runs.ts';
import { printTable, printTarget } from '../table.ts';

const DRAIN_MS = 20_000;
const BUCKET_MS = 500;

/** One of two nodes is told to end: what its readers notice, and what the other node has to bear. */
export async function drain({ readers = 5_000, rate = 10, runs, limit = 1_000 }: Options): Promise<void> {
  const once = async (at: 'one' | 'both') => {
    const redis = await startRedis();
    const plan = {
      env: { REDIS_URL: redis.url },
      readers,
      at,
      drainMs: DRAIN_MS,
      limit,
      rate,
      heartbeatMs: 15_000,
      lookMs: 1_000,
    };
    return drainOnce(plan).finally(() => redis.stop());
  };
  const results = await repeat<Drained>(
    [
      { name: 'all at the node that goes', run: () => once('one') },
      { name: 'half at the node that goes', run: () => once('both') },
    ],
    runs,
  );
  for (const [name, all] of results) {
    console.log(`  ${name}: ${all.map(({ moved }) => moved).join(', ')} moved, a line for every ${BUCKET_MS} ms:`);
    printHistogram(all);
    const mid = (figure: (drained: Drained) => number) => middle(all, figure);
    const last = mid(({ times }) => Math.max(...times));
    printTable(
      ['', 'headlines', 'refused', 'node gone after ms', 'last moved after ms'],
      [['median', mid(({ headlines }) => headlines), mid(({ refused }) => refused), mid(({ ms }) => ms), last]],
    );
    // Once is too often, so the worst run counts.
    for (const [words, figure, most] of [...NEVER, acceptsWithin(limit)])
      printTarget(words, [Math.max(...all.map(figure))], most);
  }
}

type Target = [words: string, figure: (drained: Drained) => number, most: number];

const NEVER: Target[] = [
  ['entries lost by a reader', ({ lost }) => lost, 0],
  ['entries doubled or taken back', ({ back }) => back, 0],
  ['readers with wrong rows in the end', ({ wrong }) => wrong, 0],
  ['readers who did not move', ({ moved, times }) => moved - times.length, 0],
];
const acceptsWithin = (limit: number): Target => [
  'accepts in any second, as the other node counts',
  ({ most }) => most,
  limit,
];

function printHistogram(all: readonly Drained[]): void {
  const times = all.flatMap((drained) => drained.times);
  const buckets = Array.from({ length: Math.ceil(Math.max(...times, 1) / BUCKET_MS) }, (_, bucket) =>
    Math.round(times.filter((ms) => Math.floor(ms / BUCKET_MS) === bucket).length / all.length),
  );
  const most = Math.max(...buckets);
  for (const [bucket, count] of buckets.entries())
    console.log(
      `  ${String(bucket * BUCKET_MS).padStart(7)}  ${String(count).padStart(5)}  ${'#'.repeat((count * 60) / most)}`,
    );
}
