import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../shared/wire.ts';
import { READERS, type TestReader } from '../support/readers.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';

let nodes: [TestService, TestService];
let readers: TestReader[];
let remove: () => Promise<void>;

beforeEach(async () => {
  const store = await newStore('redis');
  remove = store.remove;
  nodes = [await startTestService(store.env), await startTestService(store.env)];
  readers = nodes.flatMap(({ url }) => Object.values(READERS).map((connect) => connect(url, 'en')));
  await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'hello')));
});

afterEach(async () => {
  for (const reader of readers) reader.close();
  await Promise.all(nodes.map((node) => node.close()));
  await remove();
});

const everybody = (fits: (message: Message) => boolean) =>
  Promise.all(readers.map((reader) => reader.until(fits, 1_000)));

it('shows the readers of both nodes, by all three ways, what was done at either', async () => {
  const [{ api: one }, { api: two }] = nodes;
  const { item } = await one.post('River gauge passes the mark');
  await everybody((message) => message.type === 'item' && message.item.id === item.id);
  const notice = 'It has not.';
  await two.act(item.id, 'amend', {
    kind: 'correction',
    revision: 1,
    notice,
    changes: { headline: 'River gauge below the mark' },
  });
  await everybody((message) => message.type === 'item' && message.item.amendments[0]?.notice === notice);
  await one.act(item.id, 'hold');
  await everybody((message) => message.type === 'hold' && message.id === item.id);
  await two.act(item.id, 'release');
  await everybody((message) => message.type === 'item' && message.item.revision === 4);
  await one.act(item.id, 'kill', { notice: 'No gauge is there.' });
  const told = await everybody((message) => message.type === 'kill');
  expect(new Set(told.map((message) => JSON.stringify(message))).size).toBe(1);
});

it('lets a reader go from one node to the other and on from the same position', async () => {
  const [one, two] = nodes;
  const first = await one.api.post('First');
  await two.api.post('Second');
  const moved = READERS.WebSocket(two.url, 'en', { since: first.position });
  readers.push(moved);
  await moved.until((message) => message.type === 'item' && message.item.headline === 'Second');
  expect(moved.messages.map(({ type }) => type)).toEqual(['hello', 'item']);
});

it('ends a pin once, though both nodes see its time come', async () => {
  const api = nodes[0].api;
  const { item } = await api.post('Pinned for a moment');
  await api.act(item.id, 'pin', { pinnedUntil: new Date(Date.now() + 1_500).toISOString() });
  await everybody((message) => message.type === 'item' && message.item.pinnedUntil !== undefined);
  await Promise.all(
    readers.map((reader) =>
      reader.until((message) => message.type === 'item' && message.item.revision === 3 && !message.item.pinnedUntil),
    ),
  );
  const rows = await nodes[0].office.engine.audit('en', 10);
  expect(rows.map(({ action, actor }) => [action, actor === 'motograph'])).toEqual([
    ['unpin', true],
    ['pin', false],
    ['publish', false],
  ]);
});
