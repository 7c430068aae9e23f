import { Dice } from './dice.ts';

const ON_REDIS = [
  'announcements cut',
  'announcements silent',
  'one node cut off from Redis',
  'Redis paused',
  'Redis killed and restarted',
  'suffix lost, nodes alive',
  'suffix lost, nodes restarted',
] as const;
const ANYWHERE = [
  'log trimmed under a reader',
  'node killed mid-commit',
  'node drained mid-burst',
  'restart with history, no new publish',
  'slow socket',
] as const;

/** What can go wrong, each proven by an effect that was seen. The words stand in the table. */
export const FAULTS = [...ON_REDIS, 'numbers used again', ...ANYWHERE, 'stale CDN'] as const;
export type Fault = (typeof FAULTS)[number];

export const EDITIONS = ['en', 'uk'] as const;
export const TAGS = ['Alpha', 'Beta', 'Gamma'] as const;
export const SECTIONS = ['war', 'economy'] as const;

/** `steady` stays, `flaky` reconnects, `sleeper` is away while things happen, `old` comes back as it was long ago. */
type Habit = 'steady' | 'flaky' | 'sleeper' | 'old';

export interface ReaderPlan {
  kind: 'ws' | 'sse' | 'poll';
  edition: string;
  view?: { tag: string } | { section: string };
  habit: Habit;
  /** It gets its snapshots through a cache that is this much behind. */
  staleMs?: number;
  /** It loads no first snapshot and is given one by `hello`. */
  bare: boolean;
}

export interface Plan {
  seed: number;
  engine: 'redis' | 'embedded';
  nodes: number;
  logLength: number;
  publishers: number;
  /** Items that there are before anybody reads. */
  history: number;
  readers: ReaderPlan[];
  /** One after the other. */
  faults: Fault[];
  bulk: boolean;
  dice: Dice;
}

export function planOf(seed: number): Plan {
  const dice = new Dice(seed);
  const engine = dice.chance(0.8) ? 'redis' : 'embedded';
  const faults: Fault[] =
    engine === 'redis' ? [...dice.some(ON_REDIS, 3), ...dice.some(ANYWHERE, 2)] : dice.some(ANYWHERE, 3);
  // What comes back old is most telling at the end, after the others.
  faults.sort((a, b) => Number(a.startsWith('restart with')) - Number(b.startsWith('restart with')));
  const readers = Array.from({ length: dice.whole(6, 9) }, (_, at) => readerOf(dice, at));
  return {
    seed,
    engine,
    nodes: engine === 'redis' ? dice.whole(1, 3) : 1,
    logLength: faults.includes('log trimmed under a reader') ? dice.whole(15, 30) : 5_000,
    publishers: dice.whole(1, 4),
    history: dice.pick([0, 5, 40]),
    readers,
    faults,
    bulk: dice.chance(0.15),
    dice,
  };
}

const HABITS: Habit[] = ['steady', 'flaky', 'sleeper', 'old'];

/** The first ones have the habits one after the other, so that no run lacks one. */
function readerOf(dice: Dice, at: number): ReaderPlan {
  const tag = dice.pick(TAGS).toLowerCase();
  const view = [undefined, undefined, { tag }, { section: dice.pick(SECTIONS) }][dice.whole(0, 3)];
  const stale = dice.chance(0.35);
  return {
    kind: dice.pick(['ws', 'sse', 'poll']),
    edition: dice.chance(0.85) ? 'en' : 'uk',
    ...(view && { view }),
    habit: HABITS[at] ?? dice.pick(HABITS),
    ...(stale && { staleMs: dice.whole(200, 2_500) }),
    bare: !stale && dice.chance(0.3),
  };
}
