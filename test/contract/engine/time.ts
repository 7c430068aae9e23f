import { expect, it } from 'vitest';
import { freshStore, type Open } from '../harness.ts';
import {
  amendment,
  commit,
  content,
  EDITION,
  itemOf,
  nextMillisecond,
  publish,
  rowTexts,
  tombstoneOf,
} from './given.ts';

/** The engine's clock may be another machine's. */
const CLOCK_SLACK = 2_000;

export function timeContract(open: Open): void {
  const store = freshStore(open);

  it('gives a new item one time, its own', async () => {
    const asked = Date.now();
    const item = itemOf(await publish(store.engine));
    expect(Math.abs(Date.parse(item.publishedAt) - asked)).toBeLessThan(CLOCK_SLACK);
    expect(item.publishedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect([item.significantAt, item.revisedAt]).toStrictEqual([item.publishedAt, item.publishedAt]);
  });

  it('moves revisedAt with each revision, significantAt with what readers must know, publishedAt never', async () => {
    const { engine } = store;
    const published = await publish(engine);
    const { id } = published;
    let before = itemOf(published);
    const steps = [
      [{ action: 'amend', expects: 1, content: content(), kind: 'refile' }, false],
      [{ action: 'amend', expects: 2, content: content(), kind: 'update' }, true],
      [{ action: 'amend', expects: 3, content: content(), kind: 'clarification', notice: 'N' }, true],
      [{ action: 'amend', expects: 4, content: content(), kind: 'correction', notice: 'N' }, true],
      [{ action: 'pin', expects: 5, until: Date.now() + 60_000 }, false],
      [{ action: 'unpin', expects: 6 }, false],
      [{ action: 'hold' }, false],
      [{ action: 'release', expects: 8 }, false],
    ] as const;
    for (const [act, significant] of steps) {
      await nextMillisecond();
      const after = itemOf(await commit(engine, id, act));
      expect(after.publishedAt).toBe(before.publishedAt);
      expect(after.revisedAt > before.revisedAt).toBe(true);
      expect(after.significantAt).toBe(significant ? after.revisedAt : before.significantAt);
      before = after;
    }
    await nextMillisecond();
    const tombstone = tombstoneOf(await commit(engine, id, { action: 'kill', notice: 'N' }));
    expect(tombstone.publishedAt).toBe(before.publishedAt);
    expect(tombstone.killedAt > before.revisedAt).toBe(true);
  });

  it('takes the time of an import for the first publication, however long ago', async () => {
    for (const when of ['2019-05-20T10:00:00.000Z', '1970-01-01T00:00:00.000Z', '1928-11-06T23:30:00.000Z']) {
      const asked = Date.now();
      const item = itemOf(await publish(store.engine, { headline: when }, { publishedAt: Date.parse(when) }));
      expect([item.publishedAt, item.significantAt]).toStrictEqual([when, when]);
      expect(Math.abs(Date.parse(item.revisedAt) - asked)).toBeLessThan(CLOCK_SLACK);
      const amended = itemOf(await commit(store.engine, item.id, amendment(1, { headline: when })));
      expect([amended.publishedAt, amended.significantAt]).toStrictEqual([when, amended.revisedAt]);
    }
    expect((await rowTexts(store.engine, { limit: 9 })).map((text) => text.slice(0, 4))).toStrictEqual([
      '2019',
      '1970',
      '1928',
    ]);
    expect((await store.engine.read(EDITION, undefined, 10)).entries).toHaveLength(6);
  });
}
