import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import type { Act } from '../../../server/engine.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, changeOf, commit, content, EDITION, picture, publish, refusal } from './given.ts';

const SECRET = 'refused words that nobody may keep';
const words = content({
  headline: SECRET,
  tags: [{ slug: 'refused-tag', name: 'Refused tag' }],
  section: 'refused-section',
});

export function refusalContract(open: Open): void {
  const store = freshStore(open);

  /** Refused with that reason, and neither a reader nor the raw store can tell that it was tried. */
  async function expectRefused(id: string, act: Act, reason: string, edition = EDITION) {
    const { engine } = store;
    const before = await picture(engine, edition);
    const current = await engine.find(id);
    const key = { name: `key of ${reason}`, request: SECRET };
    const refused = await refusal(engine.commit(changeOf(id, act, key, edition)));
    expect(refused.reason).toBe(reason);
    expect(await picture(engine, edition)).toStrictEqual(before);
    expect(await engine.find(id)).toStrictEqual(current);
    for (const trace of [SECRET, 'refused-tag', 'refused-section', key.name]) {
      expect(await store.rawSearch(trace)).toStrictEqual([]);
    }
    return refused;
  }

  it('refuses a stale revision with the current item, and stores nothing', async () => {
    const { id } = await publish(store.engine);
    const newer = await commit(store.engine, id, amendment(1, { headline: 'Newer' }));
    const stale: Act[] = [
      { action: 'amend', expects: 1, content: words, kind: 'correction', notice: SECRET },
      { action: 'release', expects: 1 },
      { action: 'pin', expects: 1, until: Date.now() + 60_000 },
      { action: 'unpin', expects: 1 },
      { action: 'amend', expects: 3, content: words, kind: 'refile' },
    ];
    for (const act of stale) {
      expect((await expectRefused(id, act, 'conflict')).current).toStrictEqual(newer.current);
    }
  });

  it('never refuses a hold or a kill for a revision, however fast the item changes', async () => {
    const { id } = await publish(store.engine);
    const other = await store.another();
    let revision = 1;
    const amending = async () => {
      for (let turn = 0; turn < 30; turn++) {
        const outcome = await store.engine.commit(changeOf(id, amendment(revision)));
        if (outcome.done) revision = outcome.revision;
        else if (outcome.current?.state !== 'killed') revision = outcome.current?.item.revision ?? revision;
      }
    };
    const holding = async () => {
      for (let turn = 0; turn < 10; turn++) await commit(other, id, { action: 'hold' });
      await commit(other, id, { action: 'kill', notice: 'N' });
    };
    await Promise.all([amending(), holding()]);
    const { head } = await store.engine.read(EDITION, undefined, 1);
    expect(await store.engine.find(id)).toMatchObject({ state: 'killed', tombstone: { revision: head.seq } });
  });

  it('refuses a publish of an id that is taken, with the item that has it', async () => {
    const taken = await publish(store.engine);
    const refused = await expectRefused(taken.id, { action: 'publish', content: words }, 'exists');
    expect(refused.current).toStrictEqual(taken.current);
  });

  it('refuses every change of an item that is not there', async () => {
    const { id } = await publish(store.engine);
    const acts: Act[] = [
      { action: 'amend', expects: 1, content: words, kind: 'refile' },
      { action: 'hold' },
      { action: 'release', expects: 1 },
      { action: 'kill', notice: SECRET },
      { action: 'pin', expects: 1, until: Date.now() + 60_000 },
      { action: 'unpin', expects: 1 },
    ];
    for (const act of acts) {
      expect((await expectRefused(v7(), act, 'missing')).current).toBeUndefined();
      await expectRefused(id, act, 'missing', 'uk');
    }
  });

  it('refuses everything once the item is killed, with its tombstone', async () => {
    const { id } = await publish(store.engine);
    const killed = await commit(store.engine, id, { action: 'kill', notice: 'Withdrawn' });
    const acts: Act[] = [
      { action: 'publish', content: words },
      { action: 'amend', expects: 2, content: words, kind: 'correction', notice: SECRET },
      { action: 'amend', expects: 1, content: words, kind: 'refile' },
      { action: 'hold' },
      { action: 'release', expects: 2 },
      { action: 'kill', notice: SECRET },
      { action: 'pin', expects: 2, until: Date.now() + 60_000 },
      { action: 'unpin', expects: 2, notBefore: Date.now() + 60_000 },
    ];
    for (const act of acts) {
      expect((await expectRefused(id, act, 'killed')).current).toStrictEqual(killed.current);
    }
  });

  it('refuses to end a pin before its time', async () => {
    const { id } = await publish(store.engine);
    const until = Date.now() + 60_000;
    const pinned = await commit(store.engine, id, { action: 'pin', expects: 1, until });
    const refused = await expectRefused(id, { action: 'unpin', expects: 2, notBefore: until }, 'early');
    expect(refused.current).toStrictEqual(pinned.current);
    await expectRefused(id, { action: 'unpin', expects: 1, notBefore: until }, 'conflict');
    const due = await commit(store.engine, id, { action: 'unpin', expects: 2, notBefore: Date.now() - 1_000 });
    expect(due.revision).toBe(3);
  });
}
