import { expect, it } from 'vitest';
import { accusation } from './report.ts';
import { run } from './run.ts';

/** Chosen so that each fault is among them, and what once went wrong. */
const SEEDS = [3, 4, 6, 8, 9, 10, 12, 13, 20, 215, 538];
/** They mostly wait. */
const AT_ONCE = 5;

it('keeps what was promised, whatever is broken meanwhile', async () => {
  const seeds = [...SEEDS];
  const accusations: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const verdict = await run(seed);
        if (verdict.violations.length > 0) accusations.push(accusation(verdict));
        expect(verdict.fired.size, `no fault of seed ${seed} had an effect`).toBeGreaterThan(0);
      }
    }),
  );
  expect(accusations.join('\n')).toBe('');
}, 180_000);
