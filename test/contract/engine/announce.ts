import { v7 } from 'uuid';
import { expect, it, vi } from 'vitest';
import type { Announcement, Engine } from '../../../server/engine.ts';
import { freshStore, type Open } from '../harness.ts';
import { amendment, changeOf, commit, content, EDITION, publish } from './given.ts';

const HEARD_WITHIN = { timeout: 2_000, interval: 5 };

async function listen(engine: Engine, edition = EDITION) {
  const heard: Announcement[] = [];
  const stop = await engine.subscribe(edition, (announced) => heard.push(announced));
  return {
    stop,
    seqs: () => heard.map(({ seq }) => seq),
    editions: () => [...new Set(heard.map((announced) => announced.edition))],
    until: (seq: number) => vi.waitFor(() => expect(heard.at(-1)?.seq).toBe(seq), HEARD_WITHIN),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

export function announceContract(open: Open): void {
  const store = freshStore(open);

  it('announces one by one, in the order of the numbers, each after it can be read', async () => {
    const { engine } = store;
    const readable: Promise<boolean>[] = [];
    await engine.subscribe(EDITION, ({ seq }) => {
      readable.push(engine.read(EDITION, seq - 1, 1).then((cut) => cut.head.seq >= seq && cut.entries[0]?.seq === seq));
    });
    const heard = await listen(engine);
    await Promise.all(Array.from({ length: 30 }, () => publish(engine)));
    await heard.until(30);
    expect(heard.seqs()).toStrictEqual(upTo(30));
    expect(heard.editions()).toStrictEqual([EDITION]);
    expect(await Promise.all(readable)).toStrictEqual(upTo(30).map(() => true));
  });

  it('reaches every node, whichever committed', async () => {
    const one = store.engine;
    const two = await store.another();
    const [atOne, atTwo] = [await listen(one), await listen(two)];
    await publish(one);
    await Promise.all([atOne.until(1), atTwo.until(1)]);
    await publish(two);
    await Promise.all([atOne.until(2), atTwo.until(2)]);
    expect([atOne.seqs(), atTwo.seqs()]).toStrictEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('never goes back or repeats itself while two nodes commit at once', async () => {
    const nodes = [store.engine, await store.another()];
    const ears = await Promise.all(nodes.map((node) => listen(node)));
    await Promise.all(nodes.flatMap((node) => Array.from({ length: 40 }, () => publish(node))));
    for (const ear of ears) {
      await ear.until(80);
      const seqs = ear.seqs();
      expect(seqs).toStrictEqual([...new Set(seqs)].sort((a, b) => a - b));
    }
  });

  it('tells of what was committed elsewhere as soon as the subscription is acknowledged', async () => {
    const other = await store.another();
    for (let at = 1; at <= 5; at++) {
      const heard = await listen(store.engine);
      await publish(other);
      await heard.until(at);
      heard.stop();
    }
  });

  it('says nothing of what came before, of refusals and of replays', async () => {
    const { engine } = store;
    const key = { name: 'once', request: 'once' };
    const { id } = await commit(engine, v7(), { action: 'publish', content: content() }, key);
    const heard = await listen(engine);
    await engine.commit(changeOf(id, amendment(7)));
    await engine.commit(changeOf(v7(), { action: 'publish', content: content() }, key));
    await engine.commit(changeOf(v7(), { action: 'publish', content: content() }, { ...key, request: 'other' }));
    await publish(engine);
    await heard.until(2);
    expect(heard.seqs()).toStrictEqual([2]);
  });

  it('tells an edition its own commits only', async () => {
    const { engine } = store;
    const [english, ukrainian] = [await listen(engine), await listen(engine, 'uk')];
    await publish(engine);
    await publish(engine, {}, { edition: 'uk' });
    await publish(engine, {}, { edition: 'uk' });
    await Promise.all([english.until(1), ukrainian.until(2)]);
    expect([english.seqs(), ukrainian.seqs()]).toStrictEqual([[1], [1, 2]]);
    expect(ukrainian.editions()).toStrictEqual(['uk']);
  });

  it('stops when told to, and only there', async () => {
    const { engine } = store;
    const [gone, stays] = [await listen(engine), await listen(engine)];
    await publish(engine);
    await Promise.all([gone.until(1), stays.until(1)]);
    gone.stop();
    gone.stop();
    await publish(engine);
    await stays.until(2);
    expect(gone.seqs()).toStrictEqual([1]);
    stays.stop();
    await publish(engine);
    const late = await listen(engine);
    await publish(engine);
    await late.until(4);
    expect([stays.seqs(), late.seqs()]).toStrictEqual([[1, 2], [4]]);
  });

  it('lets a listener that throws harm nobody', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { engine } = store;
    const other = await store.another();
    const thrower = () => {
      throw new Error('a listener that throws');
    };
    await engine.subscribe(EDITION, thrower);
    const heard = await listen(engine);
    await engine.subscribe(EDITION, thrower);
    await publish(engine);
    await publish(other);
    await heard.until(2);
    expect((await publish(engine)).position.seq).toBe(3);
    await heard.until(3);
    expect(heard.seqs()).toStrictEqual([1, 2, 3]);
    warned.mockRestore();
  });

  it('lets listeners come and go while it announces', async () => {
    const { engine } = store;
    const heard: string[] = [];
    const stopSelf = await engine.subscribe(EDITION, () => {
      heard.push('self');
      stopSelf();
    });
    const stays = await listen(engine);
    await publish(engine);
    await publish(engine);
    await stays.until(2);
    expect(heard).toStrictEqual(['self']);
    expect(stays.seqs()).toStrictEqual([1, 2]);
  });

  it('announces a new epoch to every node, and the commits after it', async () => {
    const two = await store.another();
    const { position } = await publish(store.engine);
    const ears = [await listen(store.engine), await listen(two)];
    await store.engine.rotate(EDITION, position);
    for (const ear of ears) await ear.until(1);
    await publish(two);
    for (const ear of ears) {
      await ear.until(2);
      expect(ear.seqs()).toStrictEqual([1, 2]);
    }
  });

  it('does not announce a rotation that changed nothing', async () => {
    const { engine } = store;
    const { position } = await publish(engine);
    const heard = await listen(engine);
    await engine.rotate(EDITION, { ...position, epoch: 'zzzzzzzz' });
    await publish(engine);
    await heard.until(2);
    expect(heard.seqs()).toStrictEqual([2]);
  });
}
