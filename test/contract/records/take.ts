import { expect, it, vi } from 'vitest';
import { freshStore, type Open } from '../harness.ts';

const SOON = { timeout: 5_000, interval: 20 };

export function takeContract(open: Open): void {
  const store = freshStore(open);

  it('resolves with what the record was, which is then gone', async () => {
    const { records } = store.engine;
    await records.put('link', 'a', 'first', 0);
    await records.put('link', 'a', { for: ['invitation'] }, 1, 60_000);
    await records.put('link', 'b', 'other', 0);
    expect(await records.take('link', 'a')).toStrictEqual({ version: 2, value: { for: ['invitation'] } });
    expect(await records.get('link', 'a')).toBeUndefined();
    expect((await records.list('link')).map(({ id }) => id)).toStrictEqual(['b']);
    expect(await records.take('link', 'a')).toBeUndefined();
    expect(await records.take('other', 'b')).toBeUndefined();
  });

  it('gives it to one of several who take it', async () => {
    const takers = [store.engine.records, (await store.another()).records];
    for (let round = 0; round < 5; round++) {
      await store.engine.records.put('link', `${round}`, round, 0);
      const taken = await Promise.all(Array.from({ length: 10 }, (_, at) => takers[at % 2]?.take('link', `${round}`)));
      expect(taken.filter((one) => one !== undefined)).toStrictEqual([{ version: 1, value: round }]);
    }
  });

  it('lets nobody write it again who had read it before', async () => {
    const { records } = store.engine;
    const other = (await store.another()).records;
    await records.put('session', 'a', 'open', 0);
    const read = await other.get('session', 'a');
    await records.take('session', 'a');
    expect(await other.put('session', 'a', 'open', read?.version ?? 0)).toBe(false);
    expect(await records.get('session', 'a')).toBeUndefined();
    expect(await records.put('session', 'a', 'another', 0)).toBe(true);
    expect(await records.get('session', 'a')).toStrictEqual({ version: 1, value: 'another' });
  });

  it('gives nobody what has ended', async () => {
    const { records } = store.engine;
    await records.put('link', 'a', 'brief', 0, 300);
    await records.put('link', 'b', 'long', 0, 60_000);
    await vi.waitFor(async () => expect(await records.get('link', 'a')).toBeUndefined(), SOON);
    expect(await records.take('link', 'a')).toBeUndefined();
    expect(await records.take('link', 'b')).toStrictEqual({ version: 1, value: 'long' });
  });

  it('leaves nothing of it in the store', async () => {
    const { records } = store.engine;
    await records.put('ceremony', 'qtoken', { secret: 'qsecret of a ceremony' }, 0, 60_000);
    for (const words of ['qtoken', 'qsecret']) expect(await store.rawSearch(words)).not.toStrictEqual([]);
    await records.take('ceremony', 'qtoken');
    for (const words of ['qtoken', 'qsecret']) expect(await store.rawSearch(words)).toStrictEqual([]);
  });
}
