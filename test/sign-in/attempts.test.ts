import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Records } from '../../server/records.ts';
import { type AttemptLimits, Attempts } from '../../server/sign-in/attempts.ts';
import { type Desk, openDesk, type TestStore } from '../support/desk.ts';
import { ENGINES } from '../support/service.ts';

const LIMITS: AttemptLimits = {
  name: { points: 5, seconds: 900 },
  address: { points: 20, seconds: 900 },
  all: { points: 50, seconds: 3_600 },
  asked: { points: 3, seconds: 900 },
  lock: { first: 100, most: 350, remembered: 900 },
};
const tooMany = { kind: 'too-many' };

let store: TestStore;
let nodes: Attempts[];
let locks: string[];

function attempt(name: string, from: string, node = 0) {
  const attempts = nodes[node % nodes.length] ?? expect.fail('no such node');
  return attempts.begin(name, from, async (what) => {
    locks.push(what);
  });
}

/** Another address each time. */
const address = (number: number) => `198.51.100.${number}`;

describe.each(ENGINES)('attempts on the %s engine', (engine) => {
  beforeEach(async () => {
    store = await openDesk(engine);
    const other: Desk = await store.another();
    nodes = [store, other].map(({ records }) => new Attempts(records, store.clock, LIMITS));
    locks = [];
  });
  afterEach(() => store.close());

  it('lock a name after five, over all nodes and addresses, whatever its case', async () => {
    for (let number = 0; number < 5; number++)
      await attempt(['Ann', ' ANN '][number % 2] ?? '', address(number), number);
    expect(locks).toEqual([]);
    for (const node of [0, 1]) await expect(attempt('ann', address(9), node)).rejects.toMatchObject(tooMany);
    expect(locks).toEqual(['name']);
    await attempt('Ben', address(9));
  });

  it('count all that come at once', async () => {
    const tries = Array.from({ length: 40 }, (_, number) => attempt('Ann', address(number), number));
    const done = await Promise.allSettled(tries);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(locks).toEqual(['name']);
  });

  it('lock a name for longer each time, up to the most, and say how long', async () => {
    const told: number[] = [];
    for (let round = 0; round < 4; round++) {
      told.push(await lockOut('Ann'));
      await lockEnds();
    }
    expect(told).toEqual([100, 200, 350, 350]);
    expect(locks).toEqual(['name', 'name', 'name', 'name']);
  });

  it('end with the lock, and begin anew after a right one', async () => {
    expect(await lockOut('Ann')).toBe(100);
    expect((await attempt('Ann', address(9), 1).catch((problem) => problem)).retryAfter).toBeGreaterThan(98);
    await lockEnds();
    await (await attempt('Ann', address(1))).right();
    expect(await lockOut('Ann')).toBe(100);
  });

  it('are forgotten by themselves, and locks with them', async () => {
    const brief = { ...LIMITS, lock: { ...LIMITS.lock, first: 0.3 }, name: { points: 1, seconds: 0.3 } };
    nodes = [new Attempts(store.records, store.clock, brief)];
    await attempt('Ann', address(1), 0);
    await expect(attempt('Ann', address(1), 0)).rejects.toMatchObject({ ...tooMany, retryAfter: 1 });
    const left = async () => (await store.records.list('attempts')).filter(({ id }) => id.startsWith('name:'));
    await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 5_000, interval: 20 });
    await attempt('Ann', address(1), 0);
  });

  it('from one address end after twenty, over all names and nodes, but for those that were right', async () => {
    for (let number = 0; number < 30; number++) await (await attempt('Ann', address(1), number)).right();
    for (let number = 0; number < 20; number++) await attempt(`name ${number}`, address(1), number);
    for (const node of [0, 1]) await expect(attempt('Ann', address(1), node)).rejects.toMatchObject(tooMany);
    await attempt('Ann', address(2));
  });

  it('from one network of IPv6 are those of one address', async () => {
    for (let number = 0; number < 20; number++) await attempt(`name ${number}`, `2001:db8:1:2::${number}`, number);
    await expect(attempt('Ann', '2001:db8:1:2:ffff::1')).rejects.toMatchObject(tooMany);
    await attempt('Ann', '2001:db8:1:3::1');
  });

  it('from everywhere end for a while, once it is clear that somebody tries one password each', async () => {
    for (let number = 0; number < 50; number++) await attempt(`name ${number}`, address(number), number);
    expect(locks).toEqual(['all']);
    const refused = await attempt('Olena', address(99), 1).catch((problem) => problem);
    expect(refused).toMatchObject(tooMany);
    expect(refused.retryAfter).toBeGreaterThan(3_500);
    // Whoever goes on fills no store with counts.
    const counters = (await store.records.list('attempts')).length;
    for (let number = 100; number < 120; number++)
      await expect(attempt(`name ${number}`, address(number), number)).rejects.toMatchObject(tooMany);
    expect(await store.records.list('attempts')).toHaveLength(counters);
    expect(locks).toEqual(['all']);
  });

  it('that were never looked at do not count', async () => {
    for (let number = 0; number < 60; number++) await (await attempt('Ann', address(1), number)).void();
    await attempt('Ann', address(1));
  });

  it('from one address cost the store nothing once there are very many', async () => {
    const records = counting(store.records);
    nodes = [new Attempts(records, store.clock, LIMITS)];
    for (let number = 0; number < 100; number++) await attempt(`name ${number}`, address(1), 0).catch(() => undefined);
    expect(records.writes).toBeLessThan(61 + 2 * 20);
    const before = records.writes;
    for (let number = 0; number < 100; number++)
      await expect(attempt(`name ${number}`, address(1), 0)).rejects.toMatchObject(tooMany);
    expect(records.writes).toBe(before);
  });

  it('cost the store nothing while none is taken, and are taken again when the time is over', async () => {
    const records = counting(store.records);
    nodes = [new Attempts(records, store.clock, LIMITS)];
    for (let number = 0; number < 50; number++) await attempt(`name ${number}`, address(number), 0);
    const paused = () => expect(attempt('Ann', address(99), 0)).rejects.toMatchObject(tooMany);
    await paused();
    const before = records.writes;
    for (let number = 0; number < 20; number++) await paused();
    expect(records.writes).toBe(before);
    await store.records.take('attempts', 'all:all');
    await paused();
    store.clock.advance(3_600_000);
    await attempt('Ann', address(99), 0);
  });

  it('keep neither names nor addresses', async () => {
    await attempt('hunter2 typed in the wrong field', '203.0.113.77');
    const kept = JSON.stringify(await store.records.list('attempts'));
    for (const words of ['hunter2', 'wrong field', '203.0.113.77']) expect(kept).not.toContain(words);
  });

  it('to begin something have an end too', async () => {
    for (let number = 0; number < 3; number++) await nodes[number % 2]?.ask(address(1));
    for (const node of nodes) await expect(node.ask(address(1))).rejects.toMatchObject(tooMany);
    await nodes[0]?.ask(address(2));
  });
});

/** What it writes is counted. */
function counting(records: Records): Records & { writes: number } {
  const counted = {
    writes: 0,
    get: records.get.bind(records),
    list: records.list.bind(records),
    acts: records.acts.bind(records),
    put: (...args: Parameters<Records['put']>) => write(() => records.put(...args)),
    take: (...args: Parameters<Records['take']>) => write(() => records.take(...args)),
    increment: (...args: Parameters<Records['increment']>) => write(() => records.increment(...args)),
    change: (...args: Parameters<Records['change']>) => write(() => records.change(...args)),
  };
  function write<T>(work: () => Promise<T>): Promise<T> {
    counted.writes++;
    return work();
  }
  return counted;
}

/** Six attempts. Resolves with the seconds that the last of them was told to wait. */
async function lockOut(name: string): Promise<number> {
  for (let number = 0; number < 5; number++) await attempt(name, address(number), number);
  const refused = await attempt(name, address(9)).catch((problem) => problem);
  expect(refused).toMatchObject(tooMany);
  return refused.retryAfter;
}

/** As if its time were over. */
async function lockEnds(): Promise<void> {
  for (const { id } of await store.records.list('attempts'))
    if (id.startsWith('name:')) await store.records.take('attempts', id);
}
