import { expect, it } from 'vitest';
import { Dice } from './dice.ts';
import { RowsReader } from './rows-reader.ts';
import { RowsWorld, VIEWS } from './rows-world.ts';

/** ROWS_SEEDS=10000 for many, ROWS_FROM=n ROWS_SEEDS=1 for one again. */
const SEEDS = Number(process.env.ROWS_SEEDS ?? 500);
const FROM = Number(process.env.ROWS_FROM ?? 1);
const STEPS = 150;

function faultOf(seed: number): string | undefined {
  const dice = new Dice(seed);
  const world = new RowsWorld(dice);
  for (let before = dice.whole(0, 120); before > 0; before--) world.step();
  const readers = VIEWS.flatMap((_, view) => [0, 1].map(() => new RowsReader(world, view, dice)));
  for (let step = 0; step < STEPS; step++) {
    world.step();
    if (dice.chance(0.01)) world.rotate(`epoch${step}`);
    for (const reader of readers) reader.live();
  }
  for (const [at, reader] of readers.entries()) {
    reader.settle();
    const fault = reader.fault();
    if (fault) return `reader ${at} ${fault}`;
  }
  return undefined;
}

it(`holds and shows what the newsroom does, in ${SEEDS} histories of an edition, a tag and a section`, () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed++) {
    const fault = faultOf(seed);
    if (fault) expect.fail(`ROWS_FROM=${seed} ROWS_SEEDS=1 npx vitest run test/oracle/rows.property.test.ts\n${fault}`);
  }
}, 600_000);
