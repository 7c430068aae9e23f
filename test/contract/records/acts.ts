import { expect, it } from 'vitest';
import { freshStore, type Open } from '../harness.ts';
import { officeAct } from './given.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function actsContract(open: Open): void {
  const store = freshStore(open);

  it('are none at first', async () => {
    expect(await store.engine.records.acts(10)).toStrictEqual([]);
  });

  it('say who did what to whom, from where and why, and when on the clock of the store', async () => {
    const { records } = store.engine;
    const act = officeAct({ why: 'On leave', editions: ['en', 'uk'] });
    const start = Date.now();
    await records.change([], act);
    await records.change([], officeAct({ editions: [], action: 'signed in' }));
    const rows = await records.acts(10);
    expect(rows).toStrictEqual([
      { ...officeAct({ editions: [], action: 'signed in' }), seq: 2, at: expect.stringMatching(TIME) },
      { ...act, seq: 1, at: expect.stringMatching(TIME) },
    ]);
    for (const { at } of rows) expect(Math.abs(Date.parse(at) - start)).toBeLessThan(5_000);
  });

  it('come newest first, a page at a time, and stay as they are', async () => {
    const { records } = store.engine;
    for (let at = 1; at <= 12; at++) await records.change([], officeAct({ subject: `${at}` }));
    const all = await records.acts(100);
    const numbers = Array.from({ length: 12 }, (_, at) => 12 - at);
    expect(all.map(({ seq, subject }) => [seq, subject])).toStrictEqual(numbers.map((seq) => [seq, `${seq}`]));
    expect(await records.acts(5)).toStrictEqual(all.slice(0, 5));
    expect(await records.acts(5, 8)).toStrictEqual(all.slice(5, 10));
    expect(await records.acts(5, 3)).toStrictEqual(all.slice(10));
    expect(await records.acts(100, Number.MAX_SAFE_INTEGER)).toStrictEqual(all);
    for (const before of [1, 0, -1]) expect(await records.acts(5, before)).toStrictEqual([]);
    await records.change([{ kind: 'staff', id: 'a', expects: 0, value: 1 }], officeAct());
    await store.reopen();
    expect(await store.engine.records.acts(100, 13)).toStrictEqual(all);
    await store.engine.records.change([], officeAct());
    expect((await store.engine.records.acts(1))[0]?.seq).toBe(14);
  });

  it('are all kept, however many come at once from wherever', async () => {
    const offices = [store.engine.records, (await store.another()).records];
    const count = 300;
    await Promise.all(
      Array.from({ length: count }, (_, at) => offices[at % 2]?.change([], officeAct({ subject: `${at}` }))),
    );
    const rows = await store.engine.records.acts(1_000);
    expect(rows.map(({ seq }) => seq)).toStrictEqual(Array.from({ length: count }, (_, at) => count - at));
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(count);
  });

  it.each([
    [''],
    [`'; DROP TABLE act; -- "@now" ]] %s {} [] \\`],
    ['two\nlines\r\n\tand \u0000 a zero'],
    ['👩‍👩‍👧‍👦 Ґ \u202e \u2028'],
    ['$6\r\n*1\r\n'],
  ])('give back %j', async (text) => {
    const { records } = store.engine;
    const act = officeAct({ actor: text, from: text, action: text, subject: text, editions: [text, text] });
    expect(await records.change([], text === '' ? act : { ...act, why: text })).toBe(true);
    const [row] = await records.acts(1);
    expect(row).toStrictEqual({ ...act, ...(text !== '' && { why: text }), seq: 1, at: row?.at });
  });
}
