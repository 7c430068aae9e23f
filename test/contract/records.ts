import { describe, expect, it, vi } from 'vitest';
import { freshStore, type Open } from './harness.ts';
import { actsContract } from './records/acts.ts';
import { changeContract } from './records/change.ts';
import { incrementContract } from './records/increment.ts';
import { modelContract } from './records/model.ts';
import { takeContract } from './records/take.ts';

const SOON = { timeout: 5_000, interval: 20 };

/** What holds for the records of every engine. */
export function recordsContract(name: string, open: Open): void {
  describe(`${name} records`, () => {
    describe('take', () => takeContract(open));
    describe('increment', () => incrementContract(open));
    describe('change', () => changeContract(open));
    describe('acts', () => actsContract(open));
    describe('sequences', () => modelContract(open));

    const store = freshStore(open);

    it('are absent until put', async () => {
      const { records } = store.engine;
      expect(await records.get('key', 'a')).toBeUndefined();
      expect(await records.list('key')).toStrictEqual([]);
    });

    it('count their versions from 1', async () => {
      const { records } = store.engine;
      expect(await records.put('key', 'a', { name: 'one' }, 0)).toBe(true);
      expect(await records.get('key', 'a')).toStrictEqual({ version: 1, value: { name: 'one' } });
      expect(await records.put('key', 'a', { name: 'two' }, 1)).toBe(true);
      expect(await records.get('key', 'a')).toStrictEqual({ version: 2, value: { name: 'two' } });
    });

    it('stay as they are when another version was expected', async () => {
      const { records } = store.engine;
      expect(await records.put('key', 'a', 'never', 1)).toBe(false);
      expect(await records.get('key', 'a')).toBeUndefined();
      await records.put('key', 'a', 'first', 0);
      for (const expects of [0, 2]) expect(await records.put('key', 'a', 'never', expects)).toBe(false);
      expect(await records.get('key', 'a')).toStrictEqual({ version: 1, value: 'first' });
    });

    it('let one of several writers in', async () => {
      const writers = [store.engine.records, (await store.another()).records];
      const put = await Promise.all(
        Array.from({ length: 10 }, (_, at) => writers[at % 2]?.put('secret', 'session', `writer ${at}`, 0)),
      );
      expect(put.filter(Boolean)).toHaveLength(1);
      const winner = `writer ${put.indexOf(true)}`;
      for (const { get } of writers.map((records) => ({ get: records.get.bind(records) }))) {
        expect(await get('secret', 'session')).toStrictEqual({ version: 1, value: winner });
      }
    });

    it('are listed by kind, in the order of their ids', async () => {
      const { records } = store.engine;
      for (const id of ['b', 'c', 'a', 'B', '10', '9']) await records.put('key', id, id, 0);
      await records.put('other', 'x', 'x', 0);
      await records.put('key', 'b', 'again', 1);
      const listed = await records.list('key');
      expect(listed.map(({ id }) => id)).toStrictEqual(['10', '9', 'B', 'a', 'b', 'c']);
      expect(listed[4]).toStrictEqual({ id: 'b', version: 2, value: 'again' });
      expect(await records.list('other')).toStrictEqual([{ id: 'x', version: 1, value: 'x' }]);
      expect(await records.get('other', 'a')).toBeUndefined();
    });

    it.each([
      [null],
      [false],
      [0],
      [''],
      [[]],
      [{}],
      [{ roles: [], nested: { empty: {}, list: [[], [null]] } }],
      [`'; DROP TABLE records; -- "@now" ]] %s 👩‍👩‍👧‍👦 Ґ`],
      [1e-7],
      [Number.MAX_SAFE_INTEGER],
    ])('give back %j', async (value) => {
      const { records } = store.engine;
      const id = `:{}' ${JSON.stringify(value)}`;
      await records.put('kind:x', id, value, 0);
      expect(await records.get('kind:x', id)).toStrictEqual({ version: 1, value });
      expect(await records.list('kind:x')).toStrictEqual([{ id, version: 1, value }]);
    });

    it('end with their life, as if they had never been', async () => {
      const { records } = store.engine;
      await records.put('node', 'brief', 'qbrief', 0, 1_000);
      await records.put('node', 'long', 'long', 0, 60_000);
      await records.put('node', 'lasting', 'lasting', 0);
      expect(await records.get('node', 'brief')).toStrictEqual({ version: 1, value: 'qbrief' });
      expect(await records.list('node')).toHaveLength(3);
      await vi.waitFor(async () => expect(await records.get('node', 'brief')).toBeUndefined(), SOON);
      expect((await records.list('node')).map(({ id }) => id)).toStrictEqual(['lasting', 'long']);
      expect(await records.put('node', 'brief', 'never', 1)).toBe(false);
      expect(await records.put('node', 'brief', 'another', 0, 60_000)).toBe(true);
      expect(await records.get('node', 'brief')).toStrictEqual({ version: 1, value: 'another' });
    });

    it('live as long as the last put says', async () => {
      const { records } = store.engine;
      for (const id of ['ended', 'renewed', 'kept']) await records.put('node', id, 1, 0, 1_000);
      await records.put('node', 'renewed', 2, 1, 60_000);
      await records.put('node', 'kept', 2, 1);
      await vi.waitFor(async () => expect(await records.get('node', 'ended')).toBeUndefined(), SOON);
      expect((await records.list('node')).map(({ id }) => id)).toStrictEqual(['kept', 'renewed']);
      await records.put('node', 'kept', 3, 2, 1);
      await vi.waitFor(async () => expect(await records.get('node', 'kept')).toBeUndefined(), SOON);
    });

    it.each([[0], [-1], [0.4]])('end at once with a life of %d ms', async (lifeMs) => {
      const { records } = store.engine;
      expect(await records.put('node', 'over', 'over', 0, lifeMs)).toBe(true);
      await vi.waitFor(async () => expect(await records.get('node', 'over')).toBeUndefined(), SOON);
      expect((await records.increment('node', 'counter', 1, lifeMs)).leftMs).toBeLessThanOrEqual(1);
    });

    it('leave nothing behind in the store once they have ended and another is put', async () => {
      const { records } = store.engine;
      for (let number = 0; number < 20; number++)
        await records.put('node', `qnode ${number}`, `qvalue ${number}`, 0, 50);
      await vi.waitFor(async () => expect(await records.list('node')).toStrictEqual([]), SOON);
      await records.put('node', 'next', 'next', 0, 60_000);
      await store.reopen();
      for (const words of ['qnode', 'qvalue']) expect(await store.rawSearch(words)).toStrictEqual([]);
    });

    it('keep what is left of their life when the store is opened again', async () => {
      await store.engine.records.put('node', 'a', 'brief', 0, 500);
      await store.engine.records.put('node', 'b', 'long', 0, 60_000);
      const { records } = await store.reopen();
      await vi.waitFor(async () => expect(await records.get('node', 'a')).toBeUndefined(), SOON);
      expect(await records.get('node', 'b')).toStrictEqual({ version: 1, value: 'long' });
    });

    it('are there after the store was opened again', async () => {
      await store.engine.records.put('key', 'a', ['kept'], 0);
      await store.reopen();
      expect(await store.engine.records.get('key', 'a')).toStrictEqual({ version: 1, value: ['kept'] });
    });
  });
}
