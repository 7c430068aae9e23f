import { expect, it } from 'vitest';
import type { Act } from '../../../server/engine.ts';
import type { Content } from '../../../shared/item.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, commit, content, EDITION, publish, rowTexts, tag } from './given.ts';

const kill: Act = { action: 'kill', notice: 'gone' };
const pin = (expects: number): Act => ({ action: 'pin', expects, until: Date.now() + 60_000 });

export function rowsContract(open: Open): void {
  const store = freshStore(open);

  /** Published at that minute of a day long ago; answers its id. */
  const at = async (minute: number, headline: string, fields: Partial<Content> = {}, id?: string): Promise<string> => {
    const publishedAt = Date.UTC(2020, 0, 1, 0, minute);
    return (await publish(store.engine, { headline, ...fields }, { publishedAt, ...(id && { id }) })).id;
  };
  const texts = (query: Parameters<typeof rowTexts>[1]) => rowTexts(store.engine, query);
  const more = async (limit: number, view?: { tag: string } | { section: string }) =>
    (await store.engine.rows(EDITION, { limit, view })).more;

  it('come newest first, and by id within one time', async () => {
    const ids = [
      '01890000-0000-7000-8000-000000000001',
      '01890000-0000-7000-8000-000000000002',
      '01890000-0000-7000-8000-000000000003',
    ];
    const viewed = { tags: [tag('t')], section: 's' };
    await at(2, 'same a', viewed, ids[1]);
    await at(9, 'newest', viewed);
    await at(2, 'same b', viewed, ids[2]);
    await at(2, 'same c', viewed, ids[0]);
    await at(1, 'oldest', viewed);
    for (const view of [undefined, { tag: 't' }, { section: 's' }]) {
      expect(await texts({ limit: 10, view })).toStrictEqual(['newest', 'same b', 'same a', 'same c', 'oldest']);
      expect(await texts({ limit: 2, view })).toStrictEqual(['newest', 'same b']);
    }
  });

  it('say whether there are older ones, right at the edge', async () => {
    for (let minute = 1; minute <= 5; minute++) await at(minute, `${minute}`, { tags: [tag('t')], section: 's' });
    for (const view of [undefined, { tag: 't' }, { section: 's' }]) {
      expect(await more(4, view)).toBe(true);
      expect(await more(5, view)).toBe(false);
      expect(await more(6, view)).toBe(false);
      expect(await texts({ limit: 4, view })).toStrictEqual(['5', '4', '3', '2']);
    }
  });

  it('do not count what no reader would see among the older ones', async () => {
    await at(3, 'shown');
    await commit(store.engine, await at(2, 'held'), { action: 'hold' });
    await commit(store.engine, await at(1, 'killed'), kill);
    await commit(store.engine, await at(0, 'pinned'), pin(1));
    expect(await more(1)).toBe(false);
  });

  it('can be paged through in the order of time, pinned ones in their place, each once', async () => {
    const same = ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002'];
    const viewed = { tags: [tag('t')], section: 's' };
    for (const minute of [1, 2, 4, 5]) await at(minute, `${minute}`, viewed);
    await at(3, '3 a', viewed, same[0]);
    await at(3, '3 b', viewed, same[1]);
    await commit(store.engine, await at(0, 'pinned', viewed), pin(1));
    await commit(store.engine, await at(2, 'held', viewed), { action: 'hold' });
    const killed = await at(6, 'killed', viewed);
    await commit(store.engine, killed, kill);
    for (const view of [undefined, { tag: 't' }, { section: 's' }])
      for (const limit of [1, 2, 3, 7, 10]) {
        const seen: string[] = [];
        let before: { publishedAt: string; id: string } | undefined = {
          publishedAt: '9999-12-31T23:59:59.999Z',
          id: '',
        };
        while (before) {
          const { items, more } = await store.engine.rows(EDITION, { limit, view, before });
          seen.push(...items.map((entry) => ('headline' in entry ? entry.headline : 'tombstone')));
          before = more ? items.at(-1) : undefined;
        }
        expect(seen).toStrictEqual([...(view ? [] : ['tombstone']), '5', '4', '3 b', '3 a', '2', '1', 'pinned']);
      }
  });

  it('put what is pinned first, newest first, besides the limit', async () => {
    const [low, high] = [await at(1, 'pinned low'), await at(6, 'pinned high')];
    for (const minute of [2, 3, 4, 5]) await at(minute, `${minute}`);
    await commit(store.engine, low, pin(1));
    await commit(store.engine, high, pin(1));
    expect(await texts({ limit: 2 })).toStrictEqual(['pinned high', 'pinned low', '5', '4']);
    expect(await more(3)).toBe(true);
    expect(await more(4)).toBe(false);
    await commit(store.engine, high, { action: 'unpin', expects: 2 });
    expect(await texts({ limit: 2 })).toStrictEqual(['pinned low', 'pinned high', '5']);
    await commit(store.engine, low, { action: 'hold' });
    expect(await texts({ limit: 2 })).toStrictEqual(['pinned high', '5']);
    await commit(store.engine, low, { action: 'release', expects: 3 });
    expect(await texts({ limit: 1 })).toStrictEqual(['pinned low', 'pinned high']);
  });

  it('keep a tombstone at its place, besides the limit', async () => {
    const ids: string[] = [];
    for (let minute = 1; minute <= 6; minute++) ids.push(await at(minute, `${minute}`));
    for (const minute of [6, 4, 3]) await commit(store.engine, ids[minute - 1] ?? '', kill);
    expect(await texts({ limit: 2 })).toStrictEqual(['[gone]', '5', '[gone]', '[gone]', '2']);
    expect(await more(2)).toBe(true);
    expect(await texts({ limit: 3 })).toStrictEqual(['[gone]', '5', '[gone]', '[gone]', '2', '1']);
  });

  it('end with the last item that the limit lets in, or with the last tombstone when there are no more', async () => {
    const ids: string[] = [];
    for (let minute = 1; minute <= 4; minute++) ids.push(await at(minute, `${minute}`));
    await commit(store.engine, ids[0] ?? '', kill);
    await commit(store.engine, ids[2] ?? '', kill);
    expect(await texts({ limit: 1 })).toStrictEqual(['4']);
    expect(await texts({ limit: 2 })).toStrictEqual(['4', '[gone]', '2']);
    expect(await more(2)).toBe(false);
    expect(await texts({ limit: 3 })).toStrictEqual(['4', '[gone]', '2', '[gone]']);
  });

  it('are tombstones only when everything was killed', async () => {
    await commit(store.engine, await at(1, 'a'), kill);
    await commit(store.engine, await at(2, 'b'), kill);
    const { items, more } = await store.engine.rows(EDITION, { limit: 10 });
    expect(items).toMatchObject([{ notice: 'gone' }, { notice: 'gone' }]);
    expect(more).toBe(false);
  });

  it('place a tombstone by its first publication, though it was pinned or held', async () => {
    const [pinned, held] = [await at(1, 'pinned'), await at(3, 'held')];
    await at(2, 'between');
    await commit(store.engine, pinned, pin(1));
    await commit(store.engine, held, { action: 'hold' });
    expect(await texts({ limit: 10 })).toStrictEqual(['pinned', 'between']);
    await commit(store.engine, pinned, { action: 'kill', notice: 'was pinned' });
    await commit(store.engine, held, { action: 'kill', notice: 'was held' });
    expect(await texts({ limit: 10 })).toStrictEqual(['[was held]', 'between', '[was pinned]']);
  });

  it('leave out what is withheld, and have it back at its place after release', async () => {
    const id = await at(2, 'checked', { tags: [tag('t')], section: 's' });
    await at(3, 'above', { tags: [tag('t')], section: 's' });
    await at(1, 'below', { tags: [tag('t')], section: 's' });
    await commit(store.engine, id, { action: 'hold' });
    await commit(store.engine, id, amendment(2, { headline: 'checked again', tags: [tag('t')], section: 's' }));
    for (const view of [undefined, { tag: 't' }, { section: 's' }]) {
      expect(await texts({ limit: 10, view })).toStrictEqual(['above', 'below']);
    }
    await commit(store.engine, id, { action: 'release', expects: 3 });
    for (const view of [undefined, { tag: 't' }, { section: 's' }]) {
      expect(await texts({ limit: 10, view })).toStrictEqual(['above', 'checked again', 'below']);
    }
  });

  it('of a view hold its items only: no other tag or section, no tombstone', async () => {
    await at(1, 'both', { tags: [tag('a'), tag('b')], section: 'war' });
    await at(2, 'a', { tags: [tag('a')], section: 'a' });
    await at(3, 'b', { tags: [tag('b')] });
    await at(4, 'none');
    const killed = await at(5, 'killed', { tags: [tag('a'), tag('b')], section: 'war' });
    await commit(store.engine, killed, kill);
    expect(await texts({ limit: 10, view: { tag: 'a' } })).toStrictEqual(['a', 'both']);
    expect(await texts({ limit: 10, view: { tag: 'b' } })).toStrictEqual(['b', 'both']);
    expect(await texts({ limit: 10, view: { section: 'war' } })).toStrictEqual(['both']);
    expect(await texts({ limit: 10, view: { section: 'a' } })).toStrictEqual(['a']);
    expect(await texts({ limit: 10, view: { tag: 'war' } })).toStrictEqual([]);
    expect(await more(1, { tag: 'a' })).toBe(true);
    expect(await more(1, { section: 'war' })).toBe(false);
  });

  it('of a view put its own pinned items first', async () => {
    const [mine, other] = [await at(1, 'mine', { tags: [tag('a')] }), await at(2, 'other', { tags: [tag('b')] })];
    await at(3, 'newer', { tags: [tag('a')] });
    await commit(store.engine, mine, pin(1));
    await commit(store.engine, other, pin(1));
    expect(await texts({ limit: 1, view: { tag: 'a' } })).toStrictEqual(['mine', 'newer']);
    expect(await more(1, { tag: 'a' })).toBe(false);
  });

  it('of a view follow an amendment into it, within it and out of it', async () => {
    const id = await at(1, 'item', { tags: [tag('a')], section: 'one' });
    const seen = async () => {
      const views = [{ tag: 'a' }, { tag: 'b' }, { section: 'one' }, { section: 'two' }];
      return Promise.all(views.map(async (view) => (await texts({ limit: 10, view })).join()));
    };
    expect(await seen()).toStrictEqual(['item', '', 'item', '']);
    await commit(store.engine, id, amendment(1, { headline: 'moved', tags: [tag('b')], section: 'two' }));
    expect(await seen()).toStrictEqual(['', 'moved', '', 'moved']);
    await commit(store.engine, id, amendment(2, { headline: 'both', tags: [tag('b'), tag('a')] }));
    expect(await seen()).toStrictEqual(['both', 'both', '', '']);
    await commit(store.engine, id, pin(3));
    expect(await seen()).toStrictEqual(['both', 'both', '', '']);
    await commit(store.engine, id, amendment(4, { headline: 'out' }));
    expect(await seen()).toStrictEqual(['', '', '', '']);
    expect(await texts({ limit: 10 })).toStrictEqual(['out']);
    await commit(store.engine, id, {
      action: 'amend',
      expects: 5,
      content: content({ tags: [tag('a')] }),
      kind: 'refile',
    });
    await commit(store.engine, id, kill);
    expect(await seen()).toStrictEqual(['', '', '', '']);
  });

  it('come with the position that they are true at', async () => {
    await at(1, 'one');
    await at(2, 'two');
    const { position } = await store.engine.rows(EDITION, { limit: 1 });
    const { epoch, head } = await store.engine.read(EDITION, 2, 1);
    expect(position).toStrictEqual({ epoch, ...head });
    expect((await store.engine.rows(EDITION, { limit: 1, view: { tag: 'unknown' } })).position).toStrictEqual(position);
  });
}
