import { beforeEach, expect, it } from 'vitest';
import { type Connection, connect } from '../../client/widget/connection.ts';
import { followPresence } from '../../client/widget/presence.ts';
import type { Message } from '../../shared/wire.ts';
import { itemOf } from '../support/log.ts';
import { positionOf, snapshotOf } from '../support/newsroom.ts';
import { TestWorld } from '../support/world.ts';

const SOURCE = { src: 'https://live.example', edition: 'en', tag: undefined, section: undefined };
const hello: Message = { type: 'hello', edition: 'en', position: positionOf(1), heartbeatMs: 15_000 };
const MINUTE = 60_000;

let world: TestWorld;
let connection: Connection;
let stop: () => void;

beforeEach(async () => {
  world = new TestWorld();
  connection = connect(SOURCE, () => {}, world);
  stop = followPresence(world, connection, () => {});
  await world.pass(0);
  await world.requests[0]?.answer(snapshotOf([itemOf(1)], 1));
  greet();
});

const greet = () => world.sockets.at(-1)?.say(hello);
/** Time goes by, with a beat as often as a server gives one. */
const pass = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 15_000) {
    await world.pass(15_000);
    if (connection.state === 'live') greet();
  }
};

it('sleeps once its page was out of sight for five minutes, and catches up in one request', async () => {
  await world.look(true);
  await pass(5 * MINUTE - 15_000);
  expect(connection.state).toBe('live');
  await pass(15_000);
  expect([connection.state, world.sockets[0]?.closed]).toStrictEqual(['reconnecting', true]);
  await pass(60 * MINUTE);
  expect([world.sockets.length, world.requests.length]).toStrictEqual([1, 1]);
  await world.look(false);
  expect([world.sockets.length, connection.state]).toStrictEqual([2, 'reconnecting']);
  greet();
  expect([connection.state, world.requests.length]).toStrictEqual(['live', 1]);
});

it('does not sleep when its page comes back before', async () => {
  await world.look(true);
  await pass(4 * MINUTE);
  await world.look(false);
  await pass(4 * MINUTE);
  expect([connection.state, world.sockets.length]).toStrictEqual(['live', 1]);
});

it('holds no socket in a page that was left, and is not live in one that comes back until the first answer', async () => {
  await world.signal('pagehide');
  expect(world.sockets[0]?.closed).toBe(true);
  await world.signal('pageshow');
  expect([connection.state, world.sockets.length]).toStrictEqual(['reconnecting', 2]);
  greet();
  expect(connection.state).toBe('live');
});

it('believes nothing of before when the network goes, and tries at once when it comes', async () => {
  await world.signal('offline');
  expect(connection.state).toBe('reconnecting');
  world.sockets.at(-1)?.drop();
  const tried = world.sockets.length;
  await world.signal('online');
  expect(world.sockets).toHaveLength(tried + 1);
});

it('finds out by itself that the machine had slept', async () => {
  const { now } = world;
  world.now = () => now.call(world) + 8 * 60 * MINUTE;
  await world.pass(5_000);
  expect([connection.state, world.sockets.length]).toStrictEqual(['reconnecting', 2]);
});

it('ends with its ticker', async () => {
  stop();
  connection.stop();
  await world.signal('online');
  await world.look(true);
  await pass(10 * MINUTE);
  expect(world.sockets).toHaveLength(1);
});
