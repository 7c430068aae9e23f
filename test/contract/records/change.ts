import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Records, Write } from '../../../server/records.ts';
import { freshStore, type Open } from '../harness.ts';
import { officeAct } from './given.ts';

const SOON = { timeout: 5_000, interval: 20 };

export function changeContract(open: Open): void {
  const store = freshStore(open);

  /** Everything that can be seen of the records of these tests. */
  async function picture({ list, acts }: Records) {
    const kinds = ['staff', 'name', 'link'];
    return { records: await Promise.all(kinds.map((kind) => list(kind))), acts: await acts(100) };
  }

  it('makes, replaces and removes records of several kinds, with a row that says who did it', async () => {
    const { records } = store.engine;
    await records.put('staff', 'old', 'before', 0);
    await records.put('link', 'token', 'open', 0, 60_000);
    const writes: Write[] = [
      { kind: 'staff', id: 'old', expects: 1, value: 'after' },
      { kind: 'staff', id: 'new', expects: 0, value: { methods: [], name: null } },
      { kind: 'name', id: 'olena', expects: 0, value: 'new', lifeMs: 60_000 },
      { kind: 'link', id: 'token', expects: 1 },
      { kind: 'name', id: 'free', expects: 0 },
    ];
    expect(await records.change(writes, officeAct())).toBe(true);
    expect(await records.list('staff')).toStrictEqual([
      { id: 'new', version: 1, value: { methods: [], name: null } },
      { id: 'old', version: 2, value: 'after' },
    ]);
    expect(await records.list('name')).toStrictEqual([{ id: 'olena', version: 1, value: 'new' }]);
    expect(await records.list('link')).toStrictEqual([]);
    expect(await records.acts(10)).toMatchObject([{ seq: 1, ...officeAct() }]);
    await store.reopen();
    expect(await store.engine.records.get('staff', 'old')).toStrictEqual({ version: 2, value: 'after' });
    expect(await store.engine.records.acts(10)).toHaveLength(1);
  });

  it.each<[string, Write]>([
    ['is there already', { kind: 'staff', id: 'there', expects: 0, value: 'never' }],
    ['has another version', { kind: 'staff', id: 'there', expects: 2, value: 'never' }],
    ['has not come so far', { kind: 'staff', id: 'there', expects: 10, value: 'never' }],
    ['is not there', { kind: 'staff', id: 'absent', expects: 1, value: 'never' }],
    ['to be removed has another version', { kind: 'staff', id: 'there', expects: 2 }],
    ['to be removed is not there', { kind: 'staff', id: 'absent', expects: 1 }],
    ['that there should be none of is there', { kind: 'staff', id: 'there', expects: 0 }],
  ])('changes nothing at all when a record %s, and leaves no row', async (_, wrong) => {
    const { records } = store.engine;
    await records.put('staff', 'there', 'kept', 0);
    await records.put('link', 'token', 'kept', 0);
    const right: Write[] = [
      { kind: 'link', id: 'token', expects: 1 },
      { kind: 'name', id: 'olena', expects: 0, value: 'never' },
    ];
    const before = await picture(records);
    for (const at of [0, 1, 2]) {
      expect(await records.change(right.toSpliced(at, 0, wrong), officeAct())).toBe(false);
      expect(await picture(records)).toStrictEqual(before);
    }
    expect(await records.change(right, officeAct())).toBe(true);
  });

  it('lets one of several in who change the same record, and nothing of the others', async () => {
    const changers = [store.engine.records, (await store.another()).records];
    const { records } = store.engine;
    for (let round = 0; round < 5; round++) {
      await records.put('link', `${round}`, 'open', 0);
      const done = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          changers[at % 2]?.change(
            [
              { kind: 'staff', id: `${round}-${at}`, expects: 0, value: at },
              { kind: 'link', id: `${round}`, expects: 1 },
            ],
            officeAct({ subject: `${round}-${at}` }),
          ),
        ),
      );
      expect(done.filter(Boolean)).toHaveLength(1);
      const winner = `${round}-${done.indexOf(true)}`;
      expect((await records.list('staff')).map(({ id }) => id).filter((id) => id.startsWith(`${round}-`))).toEqual([
        winner,
      ]);
      expect(await records.acts(10)).toHaveLength(round + 1);
      expect(await records.acts(1)).toMatchObject([{ subject: winner }]);
    }
  });

  it('is never seen in part from another connection, and never without its row', async () => {
    const { records } = store.engine;
    const other = (await store.another()).records;
    const rounds = 60;
    let [over, seen] = [false, 0];
    const changing = (async () => {
      for (let version = 0; version < rounds; version++) {
        const writes = ['one', 'two'].map((id) => ({ kind: 'staff', id, expects: version, value: version }));
        expect(await records.change(writes, officeAct())).toBe(true);
      }
    })().finally(() => {
      over = true;
    });
    const versionOf = async (id: string) => (await other.get('staff', id))?.version ?? 0;
    while (!over) {
      // Each is read after the one before, and nothing goes back.
      const read = [await versionOf('one'), await versionOf('two'), (await other.acts(1))[0]?.seq ?? 0];
      read.push(await versionOf('one'));
      expect(read).toStrictEqual(read.toSorted((a, b) => a - b));
      if (read[0] !== rounds) seen = read[0] ?? 0;
      await setImmediate();
    }
    await changing;
    expect(seen).toBeGreaterThan(0);
    expect((await records.acts(1))[0]?.seq).toBe(rounds);
  });

  it('counts versions on as put does, and from 1 once the record was removed', async () => {
    const { records } = store.engine;
    const act = officeAct();
    expect(await records.change([{ kind: 'staff', id: 'a', expects: 0, value: 1 }], act)).toBe(true);
    for (let version = 1; version < 11; version++) expect(await records.put('staff', 'a', version, version)).toBe(true);
    expect(await records.change([{ kind: 'staff', id: 'a', expects: 11, value: null }], act)).toBe(true);
    expect(await records.get('staff', 'a')).toStrictEqual({ version: 12, value: null });
    expect(await records.change([{ kind: 'staff', id: 'a', expects: 12 }], act)).toBe(true);
    expect(await records.change([{ kind: 'staff', id: 'a', expects: 0, value: 'anew' }], act)).toBe(true);
    expect(await records.get('staff', 'a')).toStrictEqual({ version: 1, value: 'anew' });
  });

  it('can be an act alone', async () => {
    const { records } = store.engine;
    expect(await records.change([], officeAct({ action: 'signed in' }))).toBe(true);
    expect(await records.acts(10)).toMatchObject([{ action: 'signed in' }]);
  });

  it('ends records with their life, and begins one anew that has ended', async () => {
    const { records } = store.engine;
    const link = (id: string, expects: number, lifeMs?: number): Write =>
      lifeMs === undefined ? { kind: 'link', id, expects } : { kind: 'link', id, expects, value: expects, lifeMs };
    expect(await records.change([link('a', 0, 1_500), link('b', 0, 1_500), link('c', 0, 60_000)], officeAct())).toBe(
      true,
    );
    expect(await records.change([link('b', 1, 60_000)], officeAct())).toBe(true);
    await vi.waitFor(async () => expect(await records.get('link', 'a')).toBeUndefined(), SOON);
    expect((await records.list('link')).map(({ id }) => id)).toStrictEqual(['b', 'c']);
    expect(await records.change([link('c', 1), link('a', 1)], officeAct())).toBe(false);
    expect(await records.change([link('c', 1), link('a', 0)], officeAct())).toBe(true);
    expect(await records.change([link('a', 0, 60_000)], officeAct())).toBe(true);
    expect(await records.get('link', 'a')).toStrictEqual({ version: 1, value: 0 });
  });

  it('leaves nothing in the store of what it replaced or removed', async () => {
    const { records } = store.engine;
    const hashes = (words: string) => ({ password: `${words} hash`, totp: `${words} secret`.repeat(100) });
    const writes = ['qone', 'qtwo'].map((words) => ({ kind: 'staff', id: words, expects: 0, value: hashes(words) }));
    await records.change(writes, officeAct({ subject: 'x' }));
    for (const words of ['qone hash', 'qtwo secret']) expect(await store.rawSearch(words)).not.toStrictEqual([]);
    await records.change(
      [
        { kind: 'staff', id: 'qone', expects: 1, value: { password: 'other' } },
        { kind: 'staff', id: 'qtwo', expects: 1 },
      ],
      officeAct({ subject: 'x' }),
    );
    for (const words of ['qone hash', 'qone secret', 'qtwo']) expect(await store.rawSearch(words)).toStrictEqual([]);
  });

  it('takes no kind and id for another kind and id', async () => {
    const { records } = store.engine;
    const places = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['a', ':b:c'],
      ['a%3Ab', 'c'],
      ['ids', 'a'],
      ['acts', ''],
      ['id', 'a:b'],
    ] as const;
    const writes = places.map(([kind, id], value) => ({ kind, id, expects: 0, value }));
    expect(await records.change(writes, officeAct())).toBe(true);
    for (const [value, [kind, id]] of places.entries()) {
      expect(await records.get(kind, id)).toStrictEqual({ version: 1, value });
      expect(await records.list(kind)).toContainEqual({ id, version: 1, value });
    }
    expect(await records.list('a')).toHaveLength(2);
  });
}
