import { v7 } from 'uuid';
import { expect, it, vi } from 'vitest';
import { GENESIS } from '../../../shared/position.ts';
import { freshStore, type Open } from '../harness.ts';
import { AUDIT, commit, EDITION, expectChained, itemOf, publish, publishOf } from './given.ts';

export function bulkContract(open: Open): void {
  const store = freshStore(open);
  const day = (at: number) => Date.UTC(2020, 0, 1 + at);

  it('publishes many at once, in their order, with entries that say so', async () => {
    const { engine } = store;
    await publish(engine, { headline: 'Live' });
    const changes = Array.from({ length: 30 }, (_, at) =>
      publishOf({ headline: `Old ${at}`, tags: [{ slug: 'old', name: 'Old' }] }, day(at)),
    );
    const outcomes = await engine.commitBulk(changes);
    expect(outcomes.map((outcome) => outcome.done && outcome.position.seq)).toStrictEqual(
      changes.map((_, at) => at + 2),
    );
    expect(outcomes.map((outcome) => outcome.done && outcome.id)).toStrictEqual(changes.map(({ id }) => id));
    const { entries, head } = await engine.read(EDITION, undefined, 100);
    expectChained(entries, GENESIS);
    expect(head.seq).toBe(31);
    expect(entries.map((entry) => entry.bulk)).toStrictEqual([false, ...changes.map(() => true)]);
    const { items } = await engine.rows(EDITION, { limit: 3, view: { tag: 'old' } });
    expect(items).toMatchObject([{ headline: 'Old 29' }, { headline: 'Old 28' }, { headline: 'Old 27' }]);
    const newest = outcomes.at(-1);
    expect(newest?.done && itemOf(newest)).toStrictEqual(items[0]);
    expect(await engine.audit(EDITION, 2)).toMatchObject([{ ...AUDIT, action: 'publish', seq: 31 }, { seq: 30 }]);
  });

  it('refuses what is there already, and takes the rest', async () => {
    const { engine } = store;
    const there = await publish(engine, { headline: 'There' });
    const killed = await publish(engine);
    const tombstone = await commit(engine, killed.id, { action: 'kill', notice: 'Withdrawn' });
    const twice = v7();
    const outcomes = await engine.commitBulk([
      publishOf({ headline: 'One' }, day(1)),
      publishOf({ headline: 'Not this' }, day(2), there.id),
      publishOf({ headline: 'Nor this' }, day(3), killed.id),
      publishOf({ headline: 'Two' }, day(4), twice),
      publishOf({ headline: 'Not again' }, day(5), twice),
    ]);
    expect(outcomes).toMatchObject([
      { done: true, position: { seq: 4 } },
      { done: false, reason: 'exists', current: there.current },
      { done: false, reason: 'killed', current: tombstone.current },
      { done: true, position: { seq: 5 } },
      { done: false, reason: 'exists' },
    ]);
    expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(5);
    for (const refused of ['Not this', 'Nor this', 'Not again']) {
      expect(await store.rawSearch(refused)).toStrictEqual([]);
    }
  });

  it('takes an empty list', async () => {
    expect(await store.engine.commitBulk([])).toStrictEqual([]);
    expect((await store.engine.read(EDITION, undefined, 10)).head.seq).toBe(0);
  });

  it('announces up to its last entry', async () => {
    const { engine } = store;
    const heard: number[] = [];
    await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
    await engine.commitBulk(Array.from({ length: 20 }, (_, at) => publishOf({}, day(at))));
    await vi.waitFor(() => expect(heard.at(-1)).toBe(20), { timeout: 2_000, interval: 5 });
    expect(heard).toStrictEqual([...new Set(heard)].sort((a, b) => a - b));
  });

  it('amends and kills an imported item like any other', async () => {
    const { engine } = store;
    const [outcome] = await engine.commitBulk([publishOf({ headline: 'An imported slip' }, day(1))]);
    if (!outcome?.done) throw new Error('not published');
    await commit(engine, outcome.id, { action: 'kill', notice: 'Withdrawn' });
    expect((await engine.read(EDITION, undefined, 10)).entries.map(({ bulk }) => bulk)).toStrictEqual([true, false]);
    expect(await store.rawSearch('An imported slip')).toStrictEqual([]);
  });
}
