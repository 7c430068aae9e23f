import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { markAfter } from '../../../server/engine.ts';
import { GENESIS } from '../../../shared/position.ts';
import { freshStore, type Open } from '../harness.ts';
import { AUDIT, amendment, changeOf, commit, content, EDITION, publish, publishOf, refusal } from './given.ts';

const DIGEST = expect.stringMatching(/^[0-9a-f]{64}$/);

export function auditContract(open: Open): void {
  const store = freshStore(open);

  it('says who did what and from where, newest first', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    const hold = { ...changeOf(id, { action: 'hold' }), audit: { actor: 'editor', from: 'cli' } };
    const held = await engine.commit(hold);
    const rows = await engine.audit(EDITION, 10);
    const [first, second] = [rows[1]?.at, rows[0]?.at];
    expect(rows).toStrictEqual([
      { seq: 2, at: second, actor: 'editor', action: 'hold', id, revision: 2, from: 'cli', digest: DIGEST },
      { seq: 1, at: first, ...AUDIT, action: 'publish', id, revision: 1, digest: DIGEST },
    ]);
    expect(held.done && held.current.state === 'withheld' && held.current.item.revisedAt).toBe(second);
    expect(await engine.audit(EDITION, 1)).toStrictEqual(rows.slice(0, 1));
  });

  it('tells the kind and the public notice of an amendment, and the notice of a kill', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    await commit(engine, id, amendment(1, {}, 'It was Tuesday'));
    await commit(engine, id, amendment(2));
    await commit(engine, id, { action: 'amend', expects: 3, content: content(), kind: 'refile' });
    await commit(engine, id, { action: 'hold' });
    const killed = await publish(engine);
    await commit(engine, killed.id, { action: 'kill', notice: 'Published in error' });
    const told = (await engine.audit(EDITION, 10)).map(({ action, kind, notice }) => ({ action, kind, notice }));
    expect(told.reverse()).toEqual([
      { action: 'publish' },
      { action: 'amend', kind: 'correction', notice: 'It was Tuesday' },
      { action: 'amend', kind: 'update' },
      { action: 'amend', kind: 'refile' },
      { action: 'hold' },
      { action: 'publish' },
      { action: 'kill', notice: 'Published in error' },
    ]);
  });

  it('keeps every row of a killed item, and no word of it', async () => {
    const { engine } = store;
    const { id } = await publish(engine, { headline: 'qheadline' });
    await commit(engine, id, amendment(1, { headline: 'qsecond' }, 'qnotice'));
    const before = await engine.audit(EDITION, 10);
    await commit(engine, id, { action: 'kill', notice: 'Withdrawn' });
    const [kill, ...rest] = await engine.audit(EDITION, 10);
    expect(kill).toMatchObject({ action: 'kill', notice: 'Withdrawn' });
    expect(rest).toStrictEqual(before.map(({ notice: _, ...row }) => row));
    expect(rest[0]?.kind).toBe('correction');
    expect(JSON.stringify([kill, rest])).not.toContain('qnotice');
    await store.reopen();
    expect(await store.engine.audit(EDITION, 10)).toStrictEqual([kill, ...rest]);
  });

  it('holds the digests that the marks are chained of', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    await commit(engine, id, amendment(1, {}, 'Why'));
    await commit(engine, id, { action: 'pin', expects: 2, until: Date.now() + 60_000 });
    await engine.commitBulk([publishOf(), publishOf()]);
    await commit(engine, id, { action: 'kill', notice: 'N' });
    const rows = (await engine.audit(EDITION, 10)).reverse();
    const { entries } = await engine.read(EDITION, undefined, 10);
    let mark = GENESIS;
    for (const [at, entry] of entries.entries()) {
      mark = markAfter(mark, entry.id, entry.revision, rows[at]?.digest ?? '');
      expect(entry.mark).toBe(mark);
    }
    expect(entries).toHaveLength(6);
  });

  it('has no row for what did not happen', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    const killed = await publish(engine);
    await commit(engine, killed.id, { action: 'kill', notice: 'N' });
    const key = { name: 'k', request: 'r' };
    await commit(engine, id, { action: 'pin', expects: 1, until: Date.now() + 60_000 }, key);
    const before = await engine.audit(EDITION, 100);
    expect(before).toHaveLength(4);
    const refused = [
      changeOf(id, amendment(1)),
      changeOf(id, amendment(7, {}, 'Never')),
      changeOf(id, { action: 'unpin', expects: 2, notBefore: Date.now() + 60_000 }),
      changeOf(v7(), { action: 'hold' }),
      changeOf(killed.id, { action: 'hold' }),
      changeOf(id, { action: 'hold' }, { ...key, request: 'another' }),
      publishOf({}, undefined, id),
      publishOf({}, undefined, killed.id),
    ];
    for (const change of refused) await refusal(engine.commit(change));
    await engine.commitBulk([publishOf({}, undefined, id)]);
    const replayed = await engine.commit(changeOf(id, { action: 'pin', expects: 1, until: 1 }, key));
    expect(replayed).toMatchObject({ done: true, replayed: true });
    expect(await engine.audit(EDITION, 100)).toStrictEqual(before);
  });

  it('comes a page at a time, each edition by itself', async () => {
    const { engine } = store;
    for (let at = 0; at < 7; at++) await publish(engine);
    await publish(engine, {}, { edition: 'uk' });
    const all = await engine.audit(EDITION, 100);
    expect(all.map(({ seq }) => seq)).toStrictEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await engine.audit(EDITION, 3, 6)).toStrictEqual(all.slice(2, 5));
    expect(await engine.audit(EDITION, 3, 3)).toStrictEqual(all.slice(5));
    expect(await engine.audit(EDITION, 100, Number.MAX_SAFE_INTEGER)).toStrictEqual(all);
    for (const before of [1, 0, -1]) expect(await engine.audit(EDITION, 3, before)).toStrictEqual([]);
    expect(await engine.audit('uk', 10, 2)).toHaveLength(1);
    await publish(engine);
    expect(await engine.audit(EDITION, 100, 8)).toStrictEqual(all);
  });
}
