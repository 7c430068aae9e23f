import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { formatPosition, GENESIS, parsePosition, sameMark } from '../../../shared/position.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, changeOf, commit, content, EDITION, expectChained, itemOf, publish, tombstoneOf } from './given.ts';

export function commitContract(open: Open): void {
  const store = freshStore(open);

  it('makes the next revision of the item and the next number of the edition with each change', async () => {
    const { engine } = store;
    const first = await publish(engine, { headline: 'First' });
    expect(first).toMatchObject({ done: true, replayed: false, revision: 1 });
    expect(first.position.seq).toBe(1);
    expect(itemOf(first)).toMatchObject({ id: first.id, edition: EDITION, revision: 1, headline: 'First' });

    const acts = [
      amendment(1, { headline: 'Second' }),
      { action: 'pin', expects: 2, until: Date.now() + 60_000 },
      { action: 'unpin', expects: 3 },
      { action: 'hold' },
      { action: 'release', expects: 5 },
      { action: 'kill', notice: 'Withdrawn' },
    ] as const;
    const states = ['published', 'published', 'published', 'withheld', 'published', 'killed'];
    for (const [at, act] of acts.entries()) {
      const done = await commit(engine, first.id, act);
      expect(done.id).toBe(first.id);
      expect(done.revision).toBe(at + 2);
      expect(done.position.seq).toBe(at + 2);
      expect(done.current.state).toBe(states[at]);
      expect(await engine.find(first.id)).toStrictEqual(done.current);
    }
  });

  it('answers with the position that the log has', async () => {
    const { engine } = store;
    await publish(engine);
    const done = await publish(engine);
    const cut = await engine.read(EDITION, 1, 10);
    expect(done.position).toStrictEqual({ epoch: cut.epoch, seq: cut.head.seq, mark: cut.head.mark });
    const remembered = parsePosition(formatPosition(done.position));
    expect(remembered && sameMark(cut.head.mark, remembered.mark)).toBe(true);
  });

  it('keeps the content through changes that bring none', async () => {
    const { engine } = store;
    const words = content({ headline: 'Kept', tags: [{ slug: 'a', name: 'A' }], section: 'war', sources: ['AP'] });
    const { id } = await publish(engine, words);
    const until = Date.now() + 60_000;
    const pinned = itemOf(await commit(engine, id, { action: 'pin', expects: 1, until }));
    expect(pinned).toMatchObject({ ...words, pinnedUntil: new Date(until).toISOString() });
    const held = itemOf(await commit(engine, id, { action: 'hold' }));
    expect(held).toMatchObject({ ...words, pinnedUntil: new Date(until).toISOString() });
    const unpinned = itemOf(await commit(engine, id, { action: 'unpin', expects: 3 }));
    expect(unpinned).toMatchObject(words);
    expect(unpinned).not.toHaveProperty('pinnedUntil');
  });

  it('replaces the content by that of an amendment, fields taken away included', async () => {
    const { engine } = store;
    const { id } = await publish(engine, { url: 'https://example.org/a', byline: 'A. Writer', summary: 'Long' });
    const amended = itemOf(await commit(engine, id, amendment(1, { headline: 'Other', summary: 'Short' })));
    expect(amended).toMatchObject({ headline: 'Other', summary: 'Short' });
    expect(amended).not.toHaveProperty('url');
    expect(amended).not.toHaveProperty('byline');
  });

  it('lists each amendment with its revision, kind, time and notice, and nothing else', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    const corrected = itemOf(await commit(engine, id, amendment(1, {}, 'It was Tuesday')));
    await commit(engine, id, { action: 'hold' });
    await commit(engine, id, { action: 'release', expects: 3 });
    const updated = itemOf(await commit(engine, id, amendment(4)));
    expect(updated.amendments).toStrictEqual([
      { revision: 2, kind: 'correction', at: corrected.revisedAt, notice: 'It was Tuesday' },
      { revision: 5, kind: 'update', at: updated.revisedAt },
    ]);
  });

  it('leaves a tombstone that keeps the first publication and holds the notice, and ends the pin', async () => {
    const { engine } = store;
    const published = await publish(engine);
    await commit(engine, published.id, { action: 'pin', expects: 1, until: Date.now() + 60_000 });
    const killed = await commit(engine, published.id, { action: 'kill', notice: 'Published in error' });
    const tombstone = tombstoneOf(killed);
    expect(tombstone).toStrictEqual({
      id: published.id,
      edition: EDITION,
      revision: 3,
      publishedAt: itemOf(published).publishedAt,
      killedAt: tombstone.killedAt,
      notice: 'Published in error',
    });
    expect((await engine.rows(EDITION, { limit: 10 })).items).toStrictEqual([tombstone]);
  });

  it('leaves no hole and loses nothing when two connections commit at once', async () => {
    const engines = [store.engine, await store.another()];
    const each = 40;
    const committing = engines.flatMap((engine) => Array.from({ length: each }, () => publish(engine)));
    const done = await Promise.all(committing);
    const seqs = done.map(({ position }) => position.seq).sort((a, b) => a - b);
    expect(seqs).toStrictEqual(Array.from({ length: 2 * each }, (_, at) => at + 1));
    const { entries, head } = await store.engine.read(EDITION, undefined, 500);
    expectChained(entries, GENESIS);
    expect(head).toStrictEqual({ seq: 2 * each, mark: entries.at(-1)?.mark });
    for (const { id, position } of done) {
      expect(entries[position.seq - 1]).toMatchObject({ id, seq: position.seq, mark: position.mark });
    }
  });

  it('lets one of several amendments of the same revision in', async () => {
    const engines = [store.engine, await store.another()];
    const { id } = await publish(store.engine);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, at) => {
        const engine = engines[at % 2] ?? store.engine;
        return engine.commit(changeOf(id, amendment(1, { headline: `Attempt ${at}` })));
      }),
    );
    const done = outcomes.filter((outcome) => outcome.done);
    expect(done).toHaveLength(1);
    expect(outcomes.filter((outcome) => !outcome.done && outcome.reason === 'conflict')).toHaveLength(9);
    expect(await store.engine.find(id)).toStrictEqual(done[0]?.current);
    expect((await store.engine.read(EDITION, undefined, 10)).head.seq).toBe(2);
  });

  it('keeps editions apart', async () => {
    const { engine } = store;
    const english = await publish(engine, { headline: 'English', tags: [{ slug: 'x', name: 'X' }] });
    const ukrainian = await publish(
      engine,
      { headline: 'Українська', tags: [{ slug: 'x', name: 'X' }] },
      { edition: 'uk' },
    );
    expect([english.position.seq, ukrainian.position.seq]).toStrictEqual([1, 1]);
    for (const [edition, { id, current }] of [
      ['en', english],
      ['uk', ukrainian],
    ] as const) {
      const { entries, head } = await engine.read(edition, undefined, 10);
      expect(entries.map((entry) => entry.id)).toStrictEqual([id]);
      expect(head.seq).toBe(1);
      for (const view of [undefined, { tag: 'x' }]) {
        const { items } = await engine.rows(edition, { limit: 10, view });
        expect(items.map((item) => item.id)).toStrictEqual([id]);
      }
      expect((await engine.audit(edition, 10)).map((row) => row.id)).toStrictEqual([id]);
      expect(await engine.find(id)).toStrictEqual(current);
    }
    expect(english.position.mark).not.toBe(ukrainian.position.mark);
  });

  it('still has everything after it was closed and opened', async () => {
    const { id } = await publish(store.engine, { headline: 'Stays', tags: [{ slug: 'x', name: 'X' }], section: 'war' });
    const killed = await publish(store.engine, { headline: 'Goes' });
    await commit(store.engine, id, amendment(1, { headline: 'Stays too', tags: [{ slug: 'x', name: 'X' }] }, 'Why'));
    await commit(store.engine, killed.id, { action: 'kill', notice: 'Gone' });
    const see = async () => ({
      cut: await store.engine.read(EDITION, undefined, 10),
      rows: await store.engine.rows(EDITION, { limit: 10 }),
      tagged: await store.engine.rows(EDITION, { limit: 10, view: { tag: 'x' } }),
      found: [await store.engine.find(id), await store.engine.find(killed.id)],
      audit: await store.engine.audit(EDITION, 10),
    });
    const before = await see();
    await store.reopen();
    expect(await see()).toStrictEqual(before);
    expect((await publish(store.engine)).position).toMatchObject({ epoch: before.cut.epoch, seq: 5 });
  });

  it('finds nothing under an id that was never taken', async () => {
    expect(await store.engine.find(v7())).toBeUndefined();
  });

  it('says what an acknowledgement is worth', async () => {
    expect(await store.engine.durability()).toMatch(/^(sqlite-full|aof-always|aof-everysec|none|unknown)$/);
  });
}
