import { expect, it } from 'vitest';
import { ENGINES, newStore } from '../support/service.ts';
import { fuzz } from './run.ts';

/** `npm run fuzz -- --rounds N --seed N` sends more. */
const ROUNDS = 1_500;

it.each(ENGINES)(
  'lives with %s through whatever it is sent, and nobody who reads notices',
  async (engine) => {
    const { env, remove } = await newStore(engine);
    const report = await fuzz({ env, seed: 1, from: 0, rounds: ROUNDS, idleMs: 200 });
    expect(report.faults).toEqual([]);
    expect([...report.sent.values()]).toEqual([375, 375, 375, 375]);
    await remove();
  },
  60_000,
);
