import { describe, expect, it } from 'vitest';
import { formatPosition, GENESIS, parsePosition, sameMark } from '../../../shared/position.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, commit, EDITION, expectChained, itemOf, publish, tombstoneOf } from './given.ts';

export function logContract(open: Open): void {
  const store = freshStore(open);

  it('starts empty, at zero, with an epoch that stays', async () => {
    const { engine } = store;
    const cut = await engine.read(EDITION, undefined, 10);
    expect(cut).toStrictEqual({ epoch: cut.epoch, head: { seq: 0, mark: GENESIS }, entries: [] });
    expect(cut.epoch).toMatch(/^[0-9a-z]{8}$/);
    const position = { epoch: cut.epoch, ...cut.head };
    expect(parsePosition(formatPosition(position))).toMatchObject({ epoch: cut.epoch, seq: 0 });
    expect(await engine.rows(EDITION, { limit: 10 })).toStrictEqual({ position, items: [], more: false });
    expect((await (await store.another()).read(EDITION, undefined, 10)).epoch).toBe(cut.epoch);
    await store.reopen();
    expect((await store.engine.read(EDITION, undefined, 10)).epoch).toBe(cut.epoch);
    expect((await store.engine.read('uk', undefined, 10)).epoch).not.toBe(cut.epoch);
  });

  it('chains its marks from the first entry to the head', async () => {
    const { engine } = store;
    for (let at = 0; at < 5; at++) await publish(engine);
    const { entries, head } = await engine.read(EDITION, undefined, 10);
    expect(entries.map((entry) => entry.seq)).toStrictEqual([1, 2, 3, 4, 5]);
    expectChained(entries, GENESIS);
    expect(head).toStrictEqual({ seq: 5, mark: entries.at(-1)?.mark });
  });

  it('reads on from where the reader stands, in pages', async () => {
    const { engine } = store;
    for (let at = 0; at < 7; at++) await publish(engine);
    const all = (await engine.read(EDITION, undefined, 10)).entries;
    const pages = [];
    for (let after = 0; pages.length < 5; ) {
      const { entries, head } = await engine.read(EDITION, after, 3);
      expect(head.seq).toBe(7);
      pages.push(entries);
      const last = entries.at(-1);
      if (!last) break;
      after = last.seq;
    }
    expect(pages.map((page) => page.length)).toStrictEqual([3, 3, 1, 0]);
    expect(pages.flat()).toStrictEqual(all);
    expect((await engine.read(EDITION, undefined, 3)).entries).toStrictEqual(all.slice(0, 3));
    expect((await engine.read(EDITION, 99, 3)).entries).toStrictEqual([]);
  });

  it('joins each entry with the item as it is now, and empties what a later entry supersedes', async () => {
    const { engine } = store;
    const amended = await publish(engine, { headline: 'Old words' });
    const held = await publish(engine, { headline: 'Under check' });
    const killed = await publish(engine, { headline: 'Wrong' });
    const quiet = await publish(engine, { headline: 'Quiet' });
    await commit(engine, amended.id, amendment(1, { headline: 'New words' }));
    await commit(engine, held.id, { action: 'hold' });
    const gone = await commit(engine, killed.id, { action: 'kill', notice: 'Withdrawn' });
    const { entries } = await engine.read(EDITION, undefined, 10);
    const current = await engine.find(amended.id);
    expect(entries.map(({ id, revision, bulk, shown }) => ({ id, revision, bulk, shown }))).toStrictEqual([
      { id: amended.id, revision: 1, bulk: false, shown: undefined },
      { id: held.id, revision: 1, bulk: false, shown: undefined },
      { id: killed.id, revision: 1, bulk: false, shown: undefined },
      { id: quiet.id, revision: 1, bulk: false, shown: { state: 'published', item: itemOf(quiet) } },
      { id: amended.id, revision: 2, bulk: false, shown: current },
      { id: held.id, revision: 2, bulk: false, shown: { state: 'withheld' } },
      { id: killed.id, revision: 2, bulk: false, shown: { state: 'killed', tombstone: tombstoneOf(gone) } },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/Old words|Under check|Wrong/);
    expect((await engine.read(EDITION, 0, 2)).entries.map((entry) => entry.shown)).toStrictEqual([
      undefined,
      undefined,
    ]);
  });

  it('reads one consistent cut while another connection changes everything', async () => {
    const writer = await store.another();
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await publish(writer)).id));
    let writing = true;
    const write = async () => {
      for (let revision = 1; revision <= 12; revision++) {
        await Promise.all(
          ids.map((id) => commit(writer, id, amendment(revision, { headline: `Revision ${revision + 1}` }))),
        );
      }
      await Promise.all(ids.map((id) => commit(writer, id, { action: 'kill', notice: 'Withdrawn' })));
      writing = false;
    };
    let cuts = 0;
    const read = async () => {
      for (; writing; cuts++) {
        const { entries, head } = await store.engine.read(EDITION, undefined, 500);
        expectChained(entries, GENESIS);
        expect(entries.at(-1)).toMatchObject(head);
        const last = new Map(entries.map((entry) => [entry.id, entry]));
        for (const entry of entries) {
          expect(entry.shown === undefined).toBe(last.get(entry.id) !== entry);
          if (entry.shown?.state === 'published') expect(entry.shown.item.revision).toBe(entry.revision);
          if (entry.shown?.state === 'killed') expect(entry.shown.tombstone.revision).toBe(entry.revision);
        }
        const { items, position } = await store.engine.rows(EDITION, { limit: 10 });
        const shown = items.reduce((sum, item) => sum + item.revision, 0);
        expect(shown).toBe(position.seq);
        await new Promise((done) => setTimeout(done, 1));
      }
    };
    await Promise.all([write(), read()]);
    expect(cuts).toBeGreaterThan(3);
    expect((await store.engine.read(EDITION, undefined, 500)).head.seq).toBe(8 * 14);
  });

  it('shows by the marks that a position is not of this log', async () => {
    const { engine } = store;
    for (let at = 0; at < 4; at++) await publish(engine);
    const { entries, head } = await engine.read(EDITION, 2, 10);
    const before = (await engine.read(EDITION, undefined, 2)).entries[1];
    const ours = parsePosition(`aaaaaaaa.2.${before?.mark.slice(0, 12)}`);
    const theirs = parsePosition('aaaaaaaa.2.0123456789ab');
    expect(sameMark(entries[0]?.prev ?? '', ours?.mark ?? '')).toBe(true);
    expect(sameMark(entries[0]?.prev ?? '', theirs?.mark ?? '')).toBe(false);
    expect(sameMark(head.mark, theirs?.mark ?? '')).toBe(false);
  });

  describe('of a limited length', () => {
    const short = freshStore(open, 5);

    it('keeps the newest entries and lets a reader see that it missed some', async () => {
      const { engine } = short;
      const first = await publish(engine, { headline: 'First' });
      const marks = [GENESIS, first.position.mark];
      for (let at = 2; at <= 8; at++) marks.push((await publish(engine)).position.mark);
      const kept = await engine.read(EDITION, undefined, 10);
      expect(kept.entries.map((entry) => entry.seq)).toStrictEqual([4, 5, 6, 7, 8]);
      expectChained(kept.entries, marks[3] ?? '');
      const missed = await engine.read(EDITION, 1, 10);
      expect(missed.entries[0]).toMatchObject({ seq: 4, prev: marks[3] });
      expect(missed.entries[0]?.prev).not.toBe(marks[1]);
      expect((await engine.read(EDITION, 3, 10)).entries[0]).toMatchObject({ seq: 4, prev: marks[3] });
      expect(await engine.find(first.id)).toStrictEqual(first.current);
      expect((await engine.rows(EDITION, { limit: 10 })).items).toHaveLength(8);
    });

    it('trims each edition by itself', async () => {
      const { engine } = short;
      for (let at = 0; at < 4; at++) await publish(engine, {}, { edition: 'uk' });
      for (let at = 0; at < 7; at++) await publish(engine);
      expect((await engine.read('uk', undefined, 10)).entries).toHaveLength(4);
      expect((await engine.read(EDITION, undefined, 10)).entries).toHaveLength(5);
    });
  });
}
