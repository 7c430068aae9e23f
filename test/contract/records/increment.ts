import { expect, it, vi } from 'vitest';
import { EngineUnavailable } from '../../../server/engine.ts';
import { freshStore, type Open } from '../harness.ts';

const SOON = { timeout: 5_000, interval: 20 };

export function incrementContract(open: Open): void {
  const store = freshStore(open);

  it('counts from nothing, and shows as a record', async () => {
    const { records } = store.engine;
    const first = await records.increment('attempts', 'a', 2, 60_000);
    expect(first).toStrictEqual({ count: 2, leftMs: 60_000 });
    expect(await records.get('attempts', 'a')).toStrictEqual({ version: 1, value: 2 });
    for (const [by, count] of [
      [1, 3],
      [0, 3],
      [-4, -1],
      [1, 0],
      [2 ** 45, 2 ** 45],
    ] as const) {
      expect((await records.increment('attempts', 'a', by, 60_000)).count).toBe(count);
    }
    expect(await records.list('attempts')).toStrictEqual([{ id: 'a', version: 6, value: 2 ** 45 }]);
    expect((await records.increment('attempts', 'b', 1, 60_000)).count).toBe(1);
    expect((await records.increment('others', 'a', 1, 60_000)).count).toBe(1);
  });

  it('loses no addition of several who count at once', async () => {
    const counters = [store.engine.records, (await store.another()).records];
    const counted = await Promise.all(
      Array.from({ length: 40 }, (_, at) => counters[at % 2]?.increment('attempts', 'a', 1, 60_000)),
    );
    const counts = counted.map((one) => one?.count ?? 0).sort((a, b) => a - b);
    expect(counts).toStrictEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(await store.engine.records.get('attempts', 'a')).toStrictEqual({ version: 40, value: 40 });
  });

  it('ends a life after the first addition, however many follow', async () => {
    const { records } = store.engine;
    await records.increment('attempts', 'a', 1, 2_000);
    for (const count of [2, 3]) {
      const next = await records.increment('attempts', 'a', 1, 60_000);
      expect(next.count).toBe(count);
      expect(next.leftMs).toBeLessThanOrEqual(2_000);
    }
    await vi.waitFor(async () => expect(await records.get('attempts', 'a')).toBeUndefined(), SOON);
    expect(await records.increment('attempts', 'a', 1, 60_000)).toStrictEqual({ count: 1, leftMs: 60_000 });
    expect(await records.get('attempts', 'a')).toStrictEqual({ version: 1, value: 1 });
  });

  it('keeps count and end when the store is opened again', async () => {
    await store.engine.records.increment('attempts', 'a', 5, 1_000);
    await store.engine.records.increment('attempts', 'b', 5, 60_000);
    const { records } = await store.reopen();
    const { count, leftMs } = await records.increment('attempts', 'b', 1, 10);
    expect(count).toBe(6);
    expect(leftMs).toBeGreaterThan(30_000);
    await vi.waitFor(async () => expect(await records.get('attempts', 'a')).toBeUndefined(), SOON);
  });

  it('goes on from what was put, and can be put and taken as any record', async () => {
    const { records } = store.engine;
    await records.put('attempts', 'a', 7, 0);
    expect(await records.increment('attempts', 'a', 1, 60_000)).toStrictEqual({ count: 8, leftMs: 60_000 });
    expect(await records.put('attempts', 'a', 1, 2, 1_500)).toBe(true);
    expect((await records.increment('attempts', 'a', 1, 60_000)).count).toBe(2);
    await vi.waitFor(async () => expect(await records.get('attempts', 'a')).toBeUndefined(), SOON);
    expect(await records.put('attempts', 'a', 3, 0, 60_000)).toBe(true);
    expect(await records.take('attempts', 'a')).toStrictEqual({ version: 1, value: 3 });
    expect((await records.increment('attempts', 'a', 1, 60_000)).count).toBe(1);
  });

  it.each([['words'], [[1]], [null], [1.5], [{ count: 1 }]])('refuses to count on from %j', async (value) => {
    const { records } = store.engine;
    await records.put('attempts', 'a', value, 0);
    const problem = records.increment('attempts', 'a', 1, 60_000);
    await expect(problem).rejects.toThrow(EngineUnavailable);
    await expect(problem).rejects.toThrow('Record a of kind attempts is no counter.');
    expect(await records.get('attempts', 'a')).toStrictEqual({ version: 1, value });
  });
}
