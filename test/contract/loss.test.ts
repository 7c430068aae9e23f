import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPosition, parsePosition, type Remembered } from '../../shared/position.ts';
import type { Message } from '../../shared/wire.ts';
import { READERS, type TestReader } from '../support/readers.ts';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';

/** Numbers of which the store keeps the entries, and those that it gives out and then loses. */
const [KEPT, LOST] = [3, 4];

let nodes: TestService[];
let readers: TestReader[];
let remove: () => Promise<void>;
/** What readers were told of before the loss: the last that the store kept, and the last that it lost. */
let kept: string;
let had: string;

const parsed = (position: string): Remembered => parsePosition(position) ?? expect.fail(position);
const resets = ({ messages }: TestReader) => messages.filter(({ type }) => type === 'reset');
const node = (at = 0) => nodes[at] ?? expect.fail('no such node');
const isItem = (headline: string) => (message: Message) =>
  message.type === 'item' && message.item.headline === headline;

describe.each(ENGINES)('on the %s engine, whose log has lost its end while no node was there', (engine) => {
  beforeEach(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    readers = [];
    const before = await startTestService(store.env);
    for (let number = 1; number <= KEPT; number++) kept = (await before.api.post(`Kept ${number}`)).position;
    await before.close();
    const goBack = await store.remember();
    const after = await startTestService(store.env);
    for (let number = 1; number <= LOST; number++) had = (await after.api.post(`Lost ${number}`)).position;
    await after.close();
    await goBack();
    nodes = [await startTestService(store.env)];
    if (engine === 'redis') nodes.push(await startTestService(store.env));
  });

  afterEach(async () => {
    for (const reader of readers) reader.close();
    await Promise.all(nodes.map((one) => one.close()));
    await remove();
  });

  describe.each(Object.entries(READERS))('%s', (_name, connect) => {
    const open = (since: string, at = 0): TestReader => {
      const reader = connect(node(at).url, 'en', { since });
      readers.push(reader);
      return reader;
    };
    const everybodyHears = async (headline: string) => {
      await node().api.post(headline);
      await Promise.all(readers.map((reader) => reader.until(isItem(headline))));
    };

    it.each([
      ['ahead of the log', 1],
      ['at a number that is used again', LOST],
      ['far behind the log', LOST + 5],
    ])('what was given out and is %s resets everybody, once', async (_where, reused) => {
      for (let number = 1; number <= reused; number++) await node().api.post(`Again ${number}`);
      for (const at of nodes.keys()) open(kept, at);
      await Promise.all(readers.map((reader) => reader.until(isItem(`Again ${reused}`))));
      open(had);
      const told = await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'reset')));
      await everybodyHears('After');
      expect(readers.map((reader) => resets(reader).length)).toEqual(readers.map(() => 1));
      const epochs = told.map((reset) => 'position' in reset && parsed(reset.position).epoch);
      expect(new Set(epochs).size).toBe(1);
      expect(epochs[0]).not.toBe(parsed(had).epoch);
      // Now of an epoch that has ended, it concerns nobody else any more.
      open(had);
      await readers.at(-1)?.until(({ type }) => type === 'reset');
      await everybodyHears('Later');
      expect(readers.map((reader) => resets(reader).length)).toEqual(readers.map(() => 1));
    });

    it('what somebody made up resets nobody else', async () => {
      for (let number = 1; number <= LOST; number++) await node().api.post(`Again ${number}`);
      open(kept);
      await readers[0]?.until(isItem(`Again ${LOST}`));
      const { seal, ...plain } = parsed(had);
      const turned = seal.replace(/^./, (first) => (first === '0' ? '1' : '0'));
      const ahead = { ...plain, seq: plain.seq + 5 };
      const strangers = ['', turned, parsed(kept).seal].map((made) => formatPosition(plain, made));
      for (const since of [...strangers, formatPosition(ahead, seal)]) {
        const stranger = open(since);
        await stranger.until(({ type }) => type === 'reset');
      }
      await everybodyHears('After');
      expect(readers.map((reader) => resets(reader).length)).toEqual([0, 1, 1, 1, 1]);
    });

    it('a snapshot asked for with what was given out resets everybody, and is of the new epoch', async () => {
      open(kept);
      const { body } = await node().api.get(`/v1/editions/en/snapshot?min=${had}`);
      expect(parsed(body.position).epoch).not.toBe(parsed(had).epoch);
      expect(await readers[0]?.until(({ type }) => type === 'reset')).toMatchObject({ position: body.position });
      await everybodyHears('After');
      expect(resets(readers[0] ?? expect.fail())).toHaveLength(1);
    });

    it('many who come at once, to all nodes, start one new epoch', async () => {
      await node().api.post('Again');
      for (let turn = 0; turn < 4; turn++) for (const at of nodes.keys()) open(had, at);
      await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'reset')));
      await everybodyHears('After');
      const told = readers.flatMap((reader) => resets(reader).map((reset) => 'position' in reset && reset.position));
      expect(told).toHaveLength(readers.length);
      expect(new Set(told).size).toBe(1);
    });
  });
});
