import { expect, it } from 'vitest';
import type { Engine } from '../../../server/engine.ts';
import type { Position } from '../../../shared/position.ts';
import { formatPosition, parsePosition } from '../../../shared/position.ts';
import { freshStore, type Open } from '../harness.ts';
import { EDITION, expectChained, publish } from './given.ts';

async function stand(engine: Engine): Promise<Position> {
  const { epoch, head } = await engine.read(EDITION, undefined, 1);
  return { epoch, ...head };
}

export function rotateContract(open: Open): void {
  const store = freshStore(open);

  it('starts a new epoch and goes on with the same numbers and marks', async () => {
    const { engine } = store;
    await publish(engine);
    const { position } = await publish(engine);
    const epoch = await engine.rotate(EDITION, position);
    expect(epoch).toMatch(/^[0-9a-z]{8}$/);
    expect(epoch).not.toBe(position.epoch);
    expect(await stand(engine)).toStrictEqual({ ...position, epoch });
    expect((await publish(engine)).position).toMatchObject({ epoch, seq: 3 });
    const { entries } = await engine.read(EDITION, 1, 10);
    expect(entries.map((entry) => entry.seq)).toStrictEqual([2, 3]);
    expectChained(entries.slice(1), position.mark);
  });

  it('works on an empty log', async () => {
    const seen = await stand(store.engine);
    const epoch = await store.engine.rotate(EDITION, seen);
    expect(epoch).not.toBe(seen.epoch);
    expect(await stand(store.engine)).toStrictEqual({ ...seen, epoch });
  });

  it('takes a position as a reader remembers it', async () => {
    const { position } = await publish(store.engine);
    const remembered = parsePosition(formatPosition(position));
    if (!remembered) throw new Error('no position');
    expect(await store.engine.rotate(EDITION, remembered)).not.toBe(position.epoch);
  });

  it('changes nothing when the log stands elsewhere, and tells the epoch in force', async () => {
    const { engine } = store;
    const { position: old } = await publish(engine);
    const { position } = await publish(engine);
    const elsewhere: Position[] = [
      old,
      { ...position, epoch: 'zzzzzzzz' },
      { ...position, seq: 3 },
      { ...position, mark: 'f'.repeat(40) },
      { ...position, mark: 'f'.repeat(12) },
    ];
    for (const seen of elsewhere) expect(await engine.rotate(EDITION, seen)).toBe(position.epoch);
    expect(await stand(engine)).toStrictEqual(position);
  });

  it('gives racing nodes one new epoch', async () => {
    const { position } = await publish(store.engine);
    const nodes = [store.engine, await store.another(), await store.another()];
    const epochs = await Promise.all(nodes.map((node) => node.rotate(EDITION, position)));
    expect(new Set(epochs).size).toBe(1);
    expect(epochs[0]).not.toBe(position.epoch);
    for (const node of nodes) expect(await stand(node)).toStrictEqual({ ...position, epoch: epochs[0] });
  });

  it('leaves other editions alone', async () => {
    const { position } = await publish(store.engine);
    const other = await publish(store.engine, {}, { edition: 'uk' });
    await store.engine.rotate(EDITION, position);
    expect((await store.engine.read('uk', undefined, 1)).epoch).toBe(other.position.epoch);
  });

  it('stays after the store is opened again', async () => {
    const { position } = await publish(store.engine);
    const epoch = await store.engine.rotate(EDITION, position);
    await store.reopen();
    expect(await stand(store.engine)).toStrictEqual({ ...position, epoch });
  });
}
