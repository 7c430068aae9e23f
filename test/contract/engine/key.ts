import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import type { Act } from '../../../server/engine.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, changeOf, commit, content, EDITION, picture, publish, refusal } from './given.ts';

const KEY = { name: 'desk-1:again', request: '{"headline":"Once"}' };
const OTHER = { name: KEY.name, request: '{"headline":"Twice"}' };
const ONCE: Act = { action: 'publish', content: content({ headline: 'Once' }) };

export function keyContract(open: Open): void {
  const store = freshStore(open);

  it('answers a repeated key as it did then, with the item as it is now, and does nothing', async () => {
    const { engine } = store;
    const id = v7();
    const first = await commit(engine, id, ONCE, KEY);
    const amended = await commit(engine, id, amendment(1, { headline: 'Amended' }));
    await publish(engine);
    const before = await picture(engine);
    const again = { ...first, replayed: true, current: amended.current };
    expect(await engine.commit(changeOf(id, ONCE, KEY))).toStrictEqual(again);
    expect(await (await store.another()).commit(changeOf(v7(), ONCE, KEY))).toStrictEqual(again);
    await store.reopen();
    expect(await store.engine.commit(changeOf(v7(), ONCE, KEY))).toStrictEqual(again);
    expect(await picture(store.engine)).toStrictEqual(before);
  });

  it('refuses the same key with another request, and keeps nothing of it', async () => {
    const { engine } = store;
    await commit(engine, v7(), ONCE, KEY);
    const before = await picture(engine);
    const id = v7();
    const twice: Act = { action: 'publish', content: content({ headline: 'Twice' }) };
    expect((await refusal(engine.commit(changeOf(id, twice, OTHER)))).reason).toBe('reused');
    expect(await engine.find(id)).toBeUndefined();
    expect(await picture(engine)).toStrictEqual(before);
    expect(await store.rawSearch('Twice')).toStrictEqual([]);
  });

  it('lets one of many simultaneous requests with one key in', async () => {
    const engines = [store.engine, await store.another()];
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, at) => (engines[at % 2] ?? store.engine).commit(changeOf(v7(), ONCE, KEY))),
    );
    expect(outcomes.filter((outcome) => outcome.done && !outcome.replayed)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome.done && outcome.id)).size).toBe(1);
    expect((await store.engine.read(EDITION, undefined, 10)).head.seq).toBe(1);
  });

  it('does not spend a key on a refusal', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    await commit(engine, id, amendment(1));
    expect((await refusal(engine.commit(changeOf(id, amendment(1), KEY)))).reason).toBe('conflict');
    expect(await commit(engine, id, amendment(2), KEY)).toMatchObject({ replayed: false, revision: 3 });
  });

  it('answers an amendment, a hold and a kill by their keys, whatever came after', async () => {
    const { engine } = store;
    const { id } = await publish(engine);
    const acts: Act[] = [
      amendment(1),
      { action: 'hold' },
      { action: 'release', expects: 3 },
      { action: 'kill', notice: 'N' },
    ];
    const done = [];
    for (const act of acts) done.push(await commit(engine, id, act, { name: act.action, request: act.action }));
    const current = done.at(-1)?.current;
    for (const [at, act] of acts.entries()) {
      const again = await engine.commit(changeOf(id, act, { name: act.action, request: act.action }));
      expect(again).toStrictEqual({ ...done[at], replayed: true, current });
    }
    expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(5);
  });

  it('cannot tell requests apart once a kill has deleted what they were sealed with', async () => {
    const { engine } = store;
    const id = v7();
    const first = await commit(engine, id, ONCE, KEY);
    const killed = await commit(engine, id, { action: 'kill', notice: 'Withdrawn' });
    const again = { ...first, replayed: true, current: killed.current };
    expect(await engine.commit(changeOf(v7(), ONCE, KEY))).toStrictEqual(again);
    expect(await engine.commit(changeOf(v7(), ONCE, OTHER))).toStrictEqual(again);
  });

  it('tells what a key stands for without a change at hand', async () => {
    const { engine } = store;
    const id = v7();
    expect(await engine.known(EDITION, KEY)).toBeUndefined();
    const first = await commit(engine, id, ONCE, KEY);
    const amended = await commit(engine, id, amendment(1));
    const other = await store.another();
    expect(await other.known(EDITION, KEY)).toStrictEqual({ ...first, replayed: true, current: amended.current });
    expect(await other.known(EDITION, OTHER)).toStrictEqual({ done: false, reason: 'reused' });
    expect(await other.known('uk', KEY)).toBeUndefined();
    const killed = await commit(engine, id, { action: 'kill', notice: 'Withdrawn' });
    const again = { ...first, replayed: true, current: killed.current };
    expect(await engine.known(EDITION, KEY)).toStrictEqual(again);
    expect(await engine.known(EDITION, OTHER)).toStrictEqual(again);
    expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(3);
  });

  it('never stores what was asked for', async () => {
    const request = '{"note":"a request nobody may read"}';
    await commit(store.engine, v7(), ONCE, { name: 'unread', request });
    expect(await store.rawSearch('unread')).not.toStrictEqual([]);
    expect(await store.rawSearch('a request nobody may read')).toStrictEqual([]);
  });
}
