import { expect, it } from 'vitest';
import { Dice } from './dice.ts';
import { RowsReader, settled } from './rows-reader.ts';
import { RowsWorld, VIEWS } from './rows-world.ts';

/** ROWS_SEEDS=10000 for many, ROWS_FROM=n ROWS_SEEDS=1 for one again. */
const SEEDS = Number(process.env.ROWS_SEEDS ?? 500);
const FROM = Number(process.env.ROWS_FROM ?? 1);
const STEPS = 150;

async function faultOf(seed: number): Promise<string | undefined> {
  const dice = new Dice(seed);
  const world = new RowsWorld(dice);
  const loses = dice.chance(0.5);
  for (let before = dice.whole(0, 120); before > 0; before--) world.step();
  const readers = VIEWS.flatMap((_, view) => [0, 1].map(() => new RowsReader(world, view, dice)));
  for (let step = 0; step < STEPS; step++) {
    world.step();
    if (dice.chance(0.01)) world.rotate(`epoch${step}`);
    if (loses && dice.chance(0.04)) world.save();
    if (loses && dice.chance(0.02)) world.lose(`life${step}`);
    for (const reader of readers) reader.live();
    await settled();
  }
  for (const [at, reader] of readers.entries()) {
    await reader.settle();
    const fault = reader.wrong ?? reader.fault();
    if (fault) return `reader ${at} ${fault}`;
  }
  return undefined;
}

it(`holds and shows what the newsroom does, in ${SEEDS} histories of an edition, a tag and a section`, async () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed++) {
    const fault = await faultOf(seed);
    if (fault) expect.fail(`ROWS_FROM=${seed} ROWS_SEEDS=1 npx vitest run test/oracle/rows.property.test.ts\n${fault}`);
  }
}, 600_000);
