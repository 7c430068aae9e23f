import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import type { Content } from '../../../shared/item.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, changeOf, commit, content, EDITION, publish, publishOf, tombstoneOf } from './given.ts';

/** Words for every place of an item that holds some, each of them found nowhere else. */
function wordsOf(mark: string): Content {
  return content({
    headline: `${mark}-headline`,
    url: `https://example.org/${mark}-url`,
    label: { code: `${mark}-code`, text: `${mark}-label` },
    tags: [
      { slug: `${mark}-slug`, name: `${mark}-Name` },
      { slug: `${mark}-тег`, name: `${mark}-Тег` },
    ],
    section: `${mark}-section`,
    summary: `${mark}-summary`,
    byline: `${mark}-byline`,
    dateline: `${mark}-dateline`,
    slugline: `${mark}-slugline`,
    sources: [`${mark}-source`],
  });
}

export function killContract(open: Open): void {
  const store = freshStore(open);

  it('leaves none of the texts of any revision anywhere in the store', async () => {
    const { engine } = store;
    const other = await store.another();
    const id = v7();
    const neighbour = await publish(engine, { headline: 'neighbour-headline', tags: [{ slug: 'war', name: 'War' }] });
    const first = { action: 'publish', content: wordsOf('qfirst') } as const;
    await commit(engine, id, first, { name: 'publish-key', request: 'qrequest' });
    await commit(other, id, {
      action: 'amend',
      expects: 1,
      content: wordsOf('qsecond'),
      kind: 'correction',
      notice: 'qnotice-1',
    });
    await commit(engine, id, { action: 'hold' });
    await commit(engine, id, { action: 'release', expects: 3 });
    const third = {
      action: 'amend',
      expects: 4,
      content: wordsOf('qthird'),
      kind: 'clarification',
      notice: 'qnotice-2',
    } as const;
    await commit(engine, id, third, { name: 'amend-key', request: 'qrequest' });
    for (const text of [
      'qfirst-headline',
      'qsecond-Name',
      'qthird-Тег',
      'qnotice-1',
      'qnotice-2',
      'neighbour-headline',
    ]) {
      expect(await store.rawSearch(text), `${text} before the kill`).not.toStrictEqual([]);
    }

    await commit(engine, id, { action: 'kill', notice: 'public-notice' });
    for (const text of ['qfirst', 'qsecond', 'qthird', 'qnotice', 'qrequest']) {
      expect(await store.rawSearch(text), `${text} after the kill`).toStrictEqual([]);
    }
    expect(await store.rawSearch('public-notice')).not.toStrictEqual([]);
    expect(await store.rawSearch('neighbour-headline')).not.toStrictEqual([]);
    expect(await engine.find(neighbour.id)).toStrictEqual(neighbour.current);
  });

  it('leaves no text of one item among many that came, grew and went', async () => {
    const { engine } = store;
    const long = (word: string, at: number) => Array.from({ length: 5 + ((at * 37) % 60) }, () => word).join(' ');
    const doomed: string[] = [];
    for (let round = 0; round < 4; round++) {
      const batch = Array.from({ length: 60 }, (_, at) => {
        const word = at % 3 === 0 ? `qdoomed${round}` : 'qspared';
        return publishOf({
          headline: `${word} ${at}`,
          summary: long(word, at),
          tags: [{ slug: `${word}${at}`, name: word }],
        });
      });
      const outcomes = await engine.commitBulk(batch);
      expect(outcomes.every(({ done }) => done)).toBe(true);
      doomed.push(...batch.filter((_, at) => at % 3 === 0).map(({ id }) => id));
      await Promise.all(
        batch.map(({ id, content }, at) =>
          commit(
            engine,
            id,
            amendment(1, { ...content, summary: `${long(content.headline.split(' ')[0] ?? '', at + 20)}` }),
          ),
        ),
      );
    }
    expect(await store.rawSearch('qdoomed')).not.toStrictEqual([]);
    await Promise.all(doomed.reverse().map((id) => commit(engine, id, { action: 'kill', notice: 'Withdrawn' })));
    expect(await store.rawSearch('qdoomed')).toStrictEqual([]);
    expect(await store.rawSearch('qspared')).not.toStrictEqual([]);
    expect((await engine.rows(EDITION, { limit: 500 })).items).toHaveLength(240);
  });

  it('is the same from another connection, of a held item and of one with nothing but a headline', async () => {
    const other = await store.another();
    const { id } = await publish(store.engine, { headline: 'qheld-headline' });
    await commit(store.engine, id, { action: 'hold' });
    const bare = await publish(store.engine, { headline: 'qbare-headline' });
    await commit(other, id, { action: 'kill', notice: 'One' });
    await commit(other, bare.id, { action: 'kill', notice: 'Two' });
    expect(await store.rawSearch('qheld')).toStrictEqual([]);
    expect(await store.rawSearch('qbare')).toStrictEqual([]);
    expect(await store.engine.find(id)).toMatchObject({ state: 'killed', tombstone: { notice: 'One' } });
  });

  it('is for ever: it stands after the store was opened again, and nothing brings the item back', async () => {
    const id = v7();
    const act = { action: 'publish', content: wordsOf('qfirst') } as const;
    await commit(store.engine, id, act, { name: 'key', request: 'asked' });
    const killed = await commit(store.engine, id, { action: 'kill', notice: 'Withdrawn' });
    await store.reopen();
    expect(await store.engine.find(id)).toStrictEqual(killed.current);
    expect(await store.engine.commit(changeOf(id, act))).toMatchObject({ done: false, reason: 'killed' });
    const replayed = await commit(store.engine, id, act, { name: 'key', request: 'asked' });
    expect(replayed).toMatchObject({ replayed: true, revision: 1 });
    expect(tombstoneOf(replayed)).toStrictEqual(tombstoneOf(killed));
    expect(await store.rawSearch('qfirst')).toStrictEqual([]);
  });
}
