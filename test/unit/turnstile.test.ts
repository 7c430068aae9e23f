import { setImmediate as settled } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turnstile } from '../../server/sign-in/turnstile.ts';

it('lets two go on at once and three wait, and sends others away', async () => {
  const turnstile = new Turnstile(2, 3);
  const going: (() => void)[] = [];
  const pass = (name: string) =>
    turnstile.pass(async () => {
      await new Promise<void>((resolve) => going.push(resolve));
      return name;
    });
  const passed = ['a', 'b', 'c', 'd', 'e'].map(pass);
  expect(going).toHaveLength(2);
  await expect(pass('f')).rejects.toMatchObject({ kind: 'too-many', retryAfter: 2 });
  for (let number = 0; number < 5; number++) {
    going[number]?.();
    await settled();
    expect(going).toHaveLength(Math.min(number + 3, 5));
  }
  expect(await Promise.all(passed)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('goes on after work that failed', async () => {
  const turnstile = new Turnstile(1, 1);
  const failed = turnstile.pass(() => Promise.reject(new Error('no')));
  const next = turnstile.pass(async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
  expect(await turnstile.pass(async () => 'and on')).toBe('and on');
});
