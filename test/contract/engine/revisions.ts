import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { freshStore, type Open } from '../harness.ts';
import { amendment, commit, content, itemOf, publish, publishOf, tag } from './given.ts';

export function revisionsContract(open: Open): void {
  const store = freshStore(open);

  it('are told as they were committed, with what the item is now', async () => {
    const { engine } = store;
    const [first, second] = [
      content({ headline: 'First', url: 'https://example.org/1', tags: [tag('War')], sources: ['AP'] }),
      content({ headline: 'Second', tags: [], urgency: 1 }),
    ];
    const committed = [await publish(engine, first)];
    const { id } = itemOf(committed[0] as (typeof committed)[0]);
    for (const act of [
      { action: 'amend', expects: 1, content: second, kind: 'correction', notice: 'It was another one.' },
      { action: 'hold' },
      { action: 'amend', expects: 3, content: first, kind: 'refile' },
      { action: 'release', expects: 4 },
      { action: 'pin', expects: 5, until: Date.now() + 60_000 },
      { action: 'unpin', expects: 6 },
    ] as const)
      committed.push(await commit(engine, id, act));
    const at = committed.map((one) => itemOf(one).revisedAt);
    const told = {
      current: committed.at(-1)?.current,
      revisions: [
        { revision: 1, action: 'publish', at: at[0], content: first },
        { revision: 2, action: 'amend', at: at[1], content: second, kind: 'correction', notice: 'It was another one.' },
        { revision: 3, action: 'hold', at: at[2] },
        { revision: 4, action: 'amend', at: at[3], content: first, kind: 'refile' },
        { revision: 5, action: 'release', at: at[4] },
        { revision: 6, action: 'pin', at: at[5] },
        { revision: 7, action: 'unpin', at: at[6] },
      ],
    };
    expect(await engine.revisions(id)).toStrictEqual(told);
    expect(await (await store.another()).revisions(id)).toStrictEqual(told);
    await publish(engine, { headline: 'Another item' });
    expect(await (await store.reopen()).revisions(id)).toStrictEqual(told);
  });

  it('are there of an item in any edition, and of an import', async () => {
    const { id } = await publish(store.engine, { headline: 'Українською' }, { edition: 'uk' });
    const words = expect.objectContaining({ headline: 'Українською' });
    expect(await store.engine.revisions(id)).toMatchObject({ revisions: [{ revision: 1, content: words }] });
    const bulk = publishOf({ headline: 'Of the past' }, Date.UTC(2020, 0, 1));
    await store.engine.commitBulk([bulk]);
    expect(await store.engine.revisions(bulk.id)).toMatchObject({
      current: { state: 'published', item: { publishedAt: '2020-01-01T00:00:00.000Z' } },
      revisions: [{ revision: 1, action: 'publish', content: { headline: 'Of the past' } }],
    });
  });

  it('are none of an item that is not there, and of one that is killed', async () => {
    const { engine } = store;
    expect(await engine.revisions(v7())).toBeUndefined();
    expect(await engine.revisions("'; --")).toBeUndefined();
    const { id } = await publish(engine, { headline: 'qdoomed' });
    await commit(engine, id, amendment(1, { headline: 'qdoomed too' }, 'qdoomed notice'));
    const { current } = await commit(engine, id, { action: 'kill', notice: 'Withdrawn' });
    expect(await engine.revisions(id)).toStrictEqual({ current, revisions: [] });
    expect(await (await store.another()).revisions(id)).toStrictEqual({ current, revisions: [] });
  });

  it('and what the item is now are of one moment, whatever is committed meanwhile', async () => {
    const { engine } = store;
    const other = await store.another();
    const { id } = await publish(engine, { headline: 'Revision 1' });
    const writing = (async () => {
      for (let revision = 1; revision <= 40; revision++)
        await commit(other, id, amendment(revision, { headline: `Revision ${revision + 1}` }));
      await commit(other, id, { action: 'kill', notice: 'Withdrawn' });
    })();
    const seen: string[] = [];
    for (let over = false; !over; ) {
      const found = await engine.revisions(id);
      // The embedded engine answers within the turn, and would keep the commits from going on.
      await new Promise((done) => setImmediate(done));
      if (found?.current.state === 'killed') {
        expect(found.revisions).toStrictEqual([]);
        over = true;
      } else {
        const headlines = found?.revisions.map(({ content }) => content?.headline);
        expect(headlines).toStrictEqual(headlines?.map((_, at) => `Revision ${at + 1}`));
        expect(found?.current).toMatchObject({ item: { revision: headlines?.length, headline: headlines?.at(-1) } });
        seen.push(headlines?.at(-1) ?? '');
      }
    }
    await writing;
    expect(new Set(seen).size).toBeGreaterThan(1);
  });
}
