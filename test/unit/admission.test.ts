import { expect, it } from 'vitest';
import { Admission } from '../../server/admission.ts';
import { Problem } from '../../server/errors.ts';
import { ManualClock } from '../support/clock.ts';

function door(options: { count?: () => number; maxReaders?: number; acceptsPerSecond?: number } = {}) {
  const clock = new ManualClock();
  return {
    clock,
    admission: new Admission({ clock, count: () => 0, maxReaders: 100, acceptsPerSecond: 10, ...options }),
  };
}

function admitted(admission: Admission, times: number): number {
  let count = 0;
  for (let time = 0; time < times; time++)
    try {
      admission.admit();
      count++;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      expect(problem.status).toBe(503);
      expect(problem.retryAfter).toBeGreaterThanOrEqual(1);
    }
  return count;
}

it('lets in so many a second, and never more, however time goes', () => {
  const { clock, admission } = door();
  expect(admitted(admission, 50)).toBe(10);
  clock.advance(999);
  expect(admitted(admission, 50)).toBe(0);
  clock.advance(1);
  expect(admitted(admission, 4)).toBe(4);
  clock.advance(600);
  expect(admitted(admission, 50)).toBe(6);
  clock.advance(400);
  expect(admitted(admission, 50)).toBe(4);
  clock.advance(60_000);
  expect(admitted(admission, 50)).toBe(10);
  clock.advance(-5_000);
  expect(admitted(admission, 50)).toBe(0);
  clock.advance(1_000);
  expect(admitted(admission, 50)).toBe(10);
});

it('lets in the last who has a place, and not the next', () => {
  let count = 99;
  const { admission } = door({ count: () => count });
  expect(admitted(admission, 1)).toBe(1);
  count = 100;
  expect(() => admission.admit()).toThrow('All 100 places');
});

it('lets nobody in once it is closed', () => {
  const { admission } = door();
  admission.close();
  expect(admission.open).toBe(false);
  expect(admitted(admission, 5)).toBe(0);
});
