import { randomBytes } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { drain } from '../support/drain.ts';

/** `npm run bench -- drain` does it with 5,000 readers. */
const PLAN = { readers: 200, drainMs: 2_000, limit: 150, rate: 10 };

it('moves all readers of a node that is told to end to the other one, and none of them notices', async () => {
  const env = { REDIS_URL: inject('redisUrl'), REDIS_PREFIX: `test-${randomBytes(6).toString('hex')}` };
  const drained = await drain({ ...PLAN, env, at: 'one', heartbeatMs: 1_000, lookMs: 200 });
  expect(drained).toMatchObject({ code: 0, lost: 0, back: 0, wrong: 0 });
  expect(drained.times).toHaveLength(PLAN.readers);
  // Over the whole of the window, and no faster than they may.
  const half = drained.times.filter((ms) => ms < PLAN.drainMs / 2).length;
  expect(half).toBeGreaterThan(PLAN.readers / 5);
  expect(half).toBeLessThan((PLAN.readers * 4) / 5);
  expect(drained.most).toBeLessThanOrEqual(PLAN.limit);
  expect(drained.headlines).toBeGreaterThan(20);
}, 90_000);
