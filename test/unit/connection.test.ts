import { beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '../../client/widget/connection.ts';
import type { Item } from '../../shared/item.ts';
import { listed } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import { idOf, itemOf } from '../support/log.ts';
import { editionOf, positionOf, snapshotOf } from '../support/newsroom.ts';
import { TestWorld } from '../support/world.ts';

const SOURCE = { src: 'https://live.example', edition: 'en', tag: undefined, section: undefined };
const HEARTBEAT = 10_000;

const hello: Message = { type: 'hello', edition: 'en', position: positionOf(1), heartbeatMs: HEARTBEAT };
const reset = (seq: number, epoch = 'one'): Message => ({
  type: 'reset',
  position: positionOf(seq, epoch),
  reason: 'trimmed',
});
const item = (seq: number, of: Item, epoch = 'one'): Message => ({
  type: 'item',
  position: positionOf(seq, epoch),
  item: of,
});
const beat = (seq: number, at = '2026-01-05T10:00:00.000Z'): Message => ({
  type: 'beat',
  position: positionOf(seq),
  at,
});

let world: TestWorld;
let connection: Connection;
let changes: number;

beforeEach(() => {
  world = new TestWorld();
  changes = 0;
  connection = connect(SOURCE, () => changes++, world);
});

const request = (at = -1) => world.requests.at(at) ?? expect.fail('nothing was asked');
const socket = (at = -1) => world.sockets.at(at) ?? expect.fail('no socket was opened');
const stream = (at = -1) => world.streams.at(at) ?? expect.fail('no stream was opened');
const headlines = () =>
  listed(connection.rows ?? expect.fail('no rows')).map((row) => 'headline' in row && row.headline);

/** Up to a live link at position 1, with one row. */
async function live(snapshot: Snapshot = snapshotOf([itemOf(1)], 1)): Promise<void> {
  await world.pass(0);
  await request().answer(snapshot);
  socket().say(hello);
}

describe('the start', () => {
  it('loads a snapshot without credentials, shows it, and only then opens a socket from its position', async () => {
    await world.pass(0);
    expect(request().url.href).toBe('https://live.example/v1/editions/en/snapshot?limit=30');
    expect(request().init.credentials).toBe('omit');
    expect([connection.rows, world.sockets.length, changes]).toStrictEqual([undefined, 0, 0]);
    await request().answer(snapshotOf([itemOf(1)], 1, { edition: editionOf({ zoneLabel: 'Here' }) }));
    expect(headlines()).toStrictEqual(['Headline 1']);
    expect([connection.edition?.zoneLabel, connection.state, changes]).toStrictEqual(['Here', 'connecting', 1]);
    expect(socket().url.href).toBe(`wss://live.example/v1/editions/en/live?since=${positionOf(1)}`);
    socket().say(hello);
    expect([connection.state, changes]).toStrictEqual(['live', 2]);
  });

  it('names the tag or section everywhere', async () => {
    for (const view of [{ tag: 'збройні-сили' }, { section: 'a&b' }]) {
      connection = connect({ ...SOURCE, ...view }, () => {}, world);
      await live();
      for (const { url } of [request(), socket()]) expect(Object.fromEntries(url.searchParams)).toMatchObject(view);
    }
  });

  it('leaves a busy server alone for as long as it asks, and a little longer by chance', async () => {
    await world.pass(0);
    await request().refuse(503, { 'Retry-After': '7' });
    await world.pass(7_499);
    expect(world.requests).toHaveLength(1);
    await world.pass(1);
    expect(world.requests).toHaveLength(2);
  });

  it('tells the time by the answer of the server', async () => {
    await world.pass(0);
    await request().answer(snapshotOf([itemOf(1)], 1), { Date: 'Mon, 05 Jan 2026 12:00:00 GMT' });
    expect(new Date(connection.now).toISOString()).toBe('2026-01-05T12:00:00.000Z');
  });

  it('asks again for ever, ever later, until a snapshot comes', async () => {
    const waits: number[] = [];
    await world.pass(0);
    for (let turn = 0; turn < 9; turn++) {
      await (turn % 2 ? request().refuse(503) : request().fail());
      const [before, from] = [world.requests.length, world.now()];
      while (world.requests.length === before) await world.pass(50);
      waits.push(world.now() - from);
    }
    expect(waits).toStrictEqual([750, 1250, 2250, 4250, 8250, 15250, 15250, 15250, 15250]);
    expect(connection.state).toBe('reconnecting');
    await request().answer(snapshotOf([itemOf(1)], 1));
    expect([connection.state, world.sockets.length]).toStrictEqual(['reconnecting', 1]);
  });

  it('gives up on a request that is not answered, and asks again', async () => {
    await world.pass(0);
    await world.pass(15_000);
    await world.pass(750);
    expect(world.requests).toHaveLength(2);
    expect(request(0).init.signal?.aborted).toBe(true);
  });
});

describe('messages', () => {
  it('change the rows, once each', async () => {
    await live();
    socket().say(item(2, itemOf(2)));
    socket().say(item(2, itemOf(99)));
    expect(headlines()).toStrictEqual(['Headline 2', 'Headline 1']);
  });

  it('need no further snapshot, however many they are', async () => {
    await live();
    for (let seq = 2; seq < 700; seq++) socket().say(item(seq, itemOf(seq)));
    await world.pass(5_000);
    expect(world.requests).toHaveLength(1);
  });

  it('tell the server’s clock, by which the rows are dated', async () => {
    await live();
    const ahead = world.now() + 3_600_000;
    socket().say(beat(1, new Date(ahead).toISOString()));
    expect([connection.now, connection.asOf]).toStrictEqual([ahead, ahead]);
    world.clock.advance(5_000);
    expect([connection.now, connection.asOf]).toStrictEqual([ahead + 5_000, ahead]);
  });

  it.each(['{"type":"item"', '7', 'null', '{}'])('that cannot be read end the link, as %s does', async (raw) => {
    await live();
    socket().sayRaw(raw);
    expect([socket().closed, connection.state]).toStrictEqual([true, 'reconnecting']);
  });

  it('of unknown types are harmless', async () => {
    await live();
    socket().sayRaw('{"type":"weather"}');
    expect([connection.state, headlines(), world.sockets.length]).toStrictEqual(['live', ['Headline 1'], 1]);
  });
});

describe('a lost link', () => {
  it('is opened again from the last position, with full jitter', async () => {
    await live();
    socket().say(item(2, itemOf(2)));
    world.chance = 1;
    socket().drop();
    expect([connection.state, headlines()]).toStrictEqual(['reconnecting', ['Headline 2', 'Headline 1']]);
    await world.pass(999);
    expect(world.sockets).toHaveLength(1);
    await world.pass(1);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(2));
    socket().say(hello);
    expect(connection.state).toBe('live');
    expect(world.requests).toHaveLength(1);
  });

  it.each([
    [0, [500, 500, 500, 500, 500, 500, 500]],
    [1, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
  ])('is opened for ever, at a chance of %d after these times', async (chance, waits) => {
    await live();
    world.chance = chance;
    const opened = () => world.sockets.length + world.streams.length + world.requests.length;
    for (const [at, wait] of waits.entries()) {
      const before = opened();
      // A link that had been live, then whichever of the three ways was tried last.
      if (at === 0 || at % 3 === 1) socket().drop();
      else if (at % 3 === 2) stream().drop();
      else await request().fail();
      await world.pass(wait - 1);
      expect(opened()).toBe(before);
      await world.pass(1);
      expect(opened()).toBe(before + 1);
    }
  });

  it('starts from the shortest wait again only after it had held', async () => {
    await live();
    world.chance = 1;
    socket().drop();
    await world.pass(1_000);
    socket().say(hello);
    await world.pass(5_000);
    socket().drop();
    await world.pass(1_999);
    expect(world.sockets).toHaveLength(2);
    await world.pass(1);
    socket().say(hello);
    for (let beats = 0; beats < 4; beats++) {
      await world.pass(HEARTBEAT);
      socket().say(beat(1));
    }
    socket().drop();
    await world.pass(1_000);
    expect(world.sockets).toHaveLength(4);
  });

  it('is noticed by its silence of two and a half heartbeats', async () => {
    await live();
    await world.pass(2.5 * HEARTBEAT - 1);
    socket().say(beat(1));
    await world.pass(2.5 * HEARTBEAT - 1);
    expect(connection.state).toBe('live');
    await world.pass(1);
    expect([connection.state, socket(0).closed]).toStrictEqual(['reconnecting', true]);
    await world.pass(750);
    expect(world.sockets).toHaveLength(2);
  });

  it('is noticed when there is not even a greeting', async () => {
    await world.pass(0);
    await request().answer(snapshotOf([itemOf(1)], 1));
    await world.pass(10_000);
    expect([connection.state, socket(0).closed]).toStrictEqual(['reconnecting', true]);
  });

  it('dates the rows by the last that was heard', async () => {
    await live();
    await world.pass(3_000);
    socket().say(beat(1, new Date(world.now()).toISOString()));
    const last = world.now();
    await world.pass(4_000);
    socket().drop();
    expect(connection.asOf).toBe(last);
  });
});

describe('a goaway', () => {
  beforeEach(async () => {
    await live();
    socket().say({ type: 'goaway', afterMs: 4_000 });
  });

  it('opens the next link after the delay, and closes the old one at the greeting of the new', async () => {
    await world.pass(3_999);
    expect(world.sockets).toHaveLength(1);
    await world.pass(1);
    expect([world.sockets.length, socket(0).closed, connection.state]).toStrictEqual([2, false, 'live']);
    socket(0).say(item(2, itemOf(2)));
    expect(headlines()).toStrictEqual(['Headline 2', 'Headline 1']);
    socket(1).say(hello);
    expect([socket(0).closed, connection.state]).toStrictEqual([true, 'live']);
    socket(1).say(item(2, itemOf(2)));
    socket(1).say(item(3, itemOf(3)));
    expect(headlines()).toStrictEqual(['Headline 3', 'Headline 2', 'Headline 1']);
  });

  it('is not deaf to the old link until the new one greets, and deaf to it from then on', async () => {
    await world.pass(4_000);
    socket(1).say(beat(1));
    expect(socket(0).closed).toBe(false);
    socket(1).say(hello);
    socket(0).say(item(2, itemOf(2)));
    socket(0).drop();
    await world.pass(5_000);
    expect([headlines(), connection.state, world.sockets.length]).toStrictEqual([['Headline 1'], 'live', 2]);
  });

  it('said twice opens one link only', async () => {
    socket().say({ type: 'goaway', afterMs: 4_000 });
    await world.pass(4_000);
    socket(0).say({ type: 'goaway', afterMs: 1_000 });
    await world.pass(1_000);
    expect(world.sockets).toHaveLength(2);
    socket(0).say({ type: 'goaway', afterMs: 1_000 });
    socket(1).say(hello);
    await world.pass(5_000);
    expect([world.sockets.length, connection.state]).toStrictEqual([2, 'live']);
  });

  it('does not open two when the old link ends first', async () => {
    socket().drop();
    await world.pass(750);
    socket(1).say(hello);
    await world.pass(10_000);
    expect([world.sockets.length, connection.state]).toStrictEqual([2, 'live']);
  });

  it('waits for the next link when the old one ends while that is being opened', async () => {
    await world.pass(4_000);
    socket(0).drop();
    expect(connection.state).toBe('reconnecting');
    await world.pass(5_000);
    expect(world.sockets).toHaveLength(2);
    socket(1).say(hello);
    expect(connection.state).toBe('live');
  });

  it('keeps the old link as long as the next one fails', async () => {
    await world.pass(4_000);
    socket(1).drop();
    expect([connection.state, socket(0).closed]).toStrictEqual(['live', false]);
    await world.pass(750);
    stream().say(hello);
    expect([socket(0).closed, connection.state]).toStrictEqual([true, 'live']);
  });
});

describe('a reset', () => {
  beforeEach(async () => {
    await live();
    socket().say(reset(7, 'two'));
  });

  it('ends the link, whose messages are of another log, and loads a snapshot from its position after a jitter', async () => {
    expect([socket().closed, connection.state]).toStrictEqual([true, 'connecting']);
    await world.pass(499);
    expect(world.requests).toHaveLength(1);
    await world.pass(1);
    expect(request().url.searchParams.get('min')).toBe(positionOf(7, 'two'));
  });

  it('is over when a link from that very snapshot greets', async () => {
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(5)], 8, { position: positionOf(8, 'two') }));
    expect(headlines()).toStrictEqual(['Headline 5']);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(8, 'two'));
    expect(connection.state).toBe('connecting');
    socket(1).say({ ...hello, position: positionOf(8, 'two') } as Message);
    expect(connection.state).toBe('live');
  });

  it('asks again while the snapshot is older, or of another epoch, and does not make old rows look new', async () => {
    const { asOf } = connection;
    await world.pass(500);
    for (const stale of [positionOf(6, 'two'), positionOf(99, 'one'), 'nonsense']) {
      await request().answer(snapshotOf([itemOf(99)], 0, { position: stale }));
      expect([headlines(), connection.state, connection.asOf]).toStrictEqual([['Headline 1'], 'reconnecting', asOf]);
      const before = world.requests.length;
      await world.pass(5_000);
      expect(world.requests).toHaveLength(before + 1);
    }
    await request().answer(snapshotOf([itemOf(5)], 0, { position: positionOf(8, 'two') }));
    expect(headlines()).toStrictEqual(['Headline 5']);
  });

  it('whose log has ended before the snapshot came is asked after at a link, which tells of the next', async () => {
    await world.pass(500);
    const later = snapshotOf([itemOf(9)], 9, { position: positionOf(9, 'three') });
    await request().answer(later);
    expect(headlines()).toStrictEqual(['Headline 1']);
    await world.pass(750);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(1));
    socket(1).say({ ...hello, position: positionOf(9, 'three') } as Message);
    socket(1).say(reset(9, 'three'));
    await world.pass(500);
    expect(request().url.searchParams.get('min')).toBe(positionOf(9, 'three'));
    await request().answer(later);
    expect(headlines()).toStrictEqual(['Headline 9']);
  });

  it('that comes again leaves nothing of the first: neither its answer nor its link', async () => {
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(5)], 7, { position: positionOf(7, 'two') }));
    socket(1).say(hello);
    socket(1).say(reset(9, 'three'));
    socket(1).say(item(8, itemOf(8), 'two'));
    expect(headlines()).toStrictEqual(['Headline 5']);
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(9)], 9, { position: positionOf(9, 'three') }));
    expect(headlines()).toStrictEqual(['Headline 9']);
  });
});

describe('too few rows', () => {
  const ten = Array.from({ length: 10 }, (_, at) => itemOf(30 - at));
  const held: Message = { type: 'hold', position: positionOf(2), id: idOf(30), revision: 2 };

  beforeEach(async () => {
    await live(snapshotOf(ten, 1, { more: true }));
    socket().say(held);
  });

  it('are filled by a snapshot no older than the rows, while the link goes on', async () => {
    socket().say(item(3, itemOf(40)));
    expect([headlines()[0], connection.state]).toStrictEqual(['Headline 40', 'live']);
    await world.pass(500);
    expect(request().url.searchParams.get('min')).toBe(positionOf(3));
    await request().answer(snapshotOf([itemOf(40), ...ten.slice(1), itemOf(15)], 3, { more: true }));
    expect(connection.rows?.entries.has(idOf(15))).toBe(true);
    expect([world.sockets.length, connection.state]).toStrictEqual([1, 'live']);
  });

  it('are never filled by what is older than the link told meanwhile', async () => {
    await world.pass(500);
    socket().say({ ...held, position: positionOf(3), id: idOf(29) });
    await request().answer(snapshotOf(ten.slice(1), 2, { more: true }));
    expect(headlines()).not.toContain('Headline 29');
    expect(connection.state).toBe('live');
    await world.pass(750);
    expect(request().url.searchParams.get('min')).toBe(positionOf(3));
  });

  it('filled by a snapshot that is newer than the link are followed from there', async () => {
    await world.pass(500);
    await request().answer(snapshotOf(ten.slice(1), 5, { more: true }));
    expect(socket(0).closed).toBe(true);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(5));
  });
});

describe('a way that is not let through', () => {
  const position = positionOf(1);

  beforeEach(async () => {
    await world.pass(0);
    await request().answer(snapshotOf([itemOf(1)], 1));
    socket().drop();
    await world.pass(750);
  });

  it('gives way to an event stream', async () => {
    expect(stream().url.href).toBe(`https://live.example/v1/editions/en/live?since=${position}`);
    stream().say(hello);
    stream().say(item(2, itemOf(2)));
    expect([connection.state, headlines()]).toStrictEqual(['live', ['Headline 2', 'Headline 1']]);
  });

  it('gives way to polling where the stream stays silent too', async () => {
    await world.pass(10_000);
    expect([stream().closed, connection.state]).toStrictEqual([true, 'reconnecting']);
    await world.pass(1_250);
    expect(request().url.search).toBe(`?since=${position}&wait=0`);
    expect(request().init.credentials).toBe('omit');
    await request().answer({ position, at: '2026-01-05T12:00:00.000Z', messages: [] });
    expect([connection.state, new Date(connection.now).toISOString()]).toStrictEqual([
      'live',
      '2026-01-05T12:00:00.000Z',
    ]);
    expect(request().url.search).toBe(`?since=${position}&wait=20`);
    await request().answer({ position: positionOf(2), at: '2026-01-05T12:00:09.000Z', messages: [item(2, itemOf(2))] });
    expect(headlines()).toStrictEqual(['Headline 2', 'Headline 1']);
    expect(request().url.search).toBe(`?since=${positionOf(2)}&wait=20`);
    await request().refuse(503, { 'Retry-After': '30' });
    expect(connection.state).toBe('reconnecting');
    await world.pass(30_499);
    expect(world.requests).toHaveLength(4);
    await world.pass(1);
    expect(world.requests).toHaveLength(5);
  });

  const beats = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += HEARTBEAT) {
      await world.pass(HEARTBEAT);
      stream().say(beat(1));
    }
  };

  it('is tried again beside the one that works, ever more rarely', async () => {
    stream().say(hello);
    await beats(60_000);
    expect(world.sockets).toHaveLength(2);
    socket().drop();
    expect([connection.state, stream().closed]).toStrictEqual(['live', false]);
    await beats(110_000);
    expect(world.sockets).toHaveLength(2);
    await beats(10_000);
    socket().say(hello);
    expect([connection.state, stream().closed]).toStrictEqual(['live', true]);
  });

  it('is tried again within the hour, however often that failed', async () => {
    stream().say(hello);
    for (let failure = 0; failure < 9; failure++) {
      await beats(3_600_000);
      socket().drop();
    }
    const before = world.sockets.length;
    await beats(3_600_000);
    expect(world.sockets.length).toBe(before + 1);
  });

  it('is tried no more and no less for a stream that is cut again and again', async () => {
    stream().say(hello);
    for (let cut = 0; cut < 40; cut++) {
      const streams = world.streams.length;
      stream().drop();
      for (let waited = 0; world.streams.length === streams && waited < 60; waited++) await world.pass(1_000);
      stream().say(hello);
    }
    const before = world.sockets.length;
    await beats(50_000);
    expect(world.sockets.length).toBe(before);
    await beats(10_000);
    expect(world.sockets.length).toBe(before + 1);
  });

  it('is not tried again at once after the one that works has ended', async () => {
    stream().say(hello);
    stream().drop();
    await world.pass(1_250);
    expect([world.sockets.length, world.streams.length]).toStrictEqual([1, 2]);
  });
});

describe('sleep', () => {
  beforeEach(() => live());

  it('lets go of everything and says of what time the rows are', async () => {
    connection.sleep();
    expect([socket().closed, connection.state]).toStrictEqual([true, 'reconnecting']);
    await world.pass(3_600_000);
    expect([world.sockets.length, world.requests.length]).toStrictEqual([1, 1]);
  });

  it('ends in one request, from where it began', async () => {
    socket().say(item(2, itemOf(2)));
    connection.sleep();
    connection.wake();
    connection.wake();
    expect(connection.state).toBe('reconnecting');
    expect(socket().url.searchParams.get('since')).toBe(positionOf(2));
    socket().say(hello);
    expect([connection.state, world.requests.length]).toStrictEqual(['live', 1]);
  });

  it('that fell into a load ends with that load', async () => {
    socket().say(reset(7, 'two'));
    await world.pass(500);
    connection.sleep();
    expect(request().init.signal?.aborted).toBe(true);
    connection.wake();
    await world.pass(0);
    expect(request().url.searchParams.get('min')).toBe(positionOf(7, 'two'));
  });

  it('that fell into a load of few rows, and outlasted their log, ends all the same', async () => {
    connection.stop();
    connection = connect(SOURCE, () => changes++, world);
    const ten = Array.from({ length: 10 }, (_, at) => itemOf(30 - at));
    await live(snapshotOf(ten, 1, { more: true }));
    socket().say({ type: 'hold', position: positionOf(2), id: idOf(30), revision: 2 });
    connection.sleep();
    connection.wake();
    await world.pass(0);
    const later = snapshotOf([itemOf(9)], 9, { position: positionOf(9, 'two') });
    await request().answer(later);
    const sockets = world.sockets.length;
    await world.pass(1_500);
    expect(world.sockets).toHaveLength(sockets + 1);
    socket().say({ ...hello, position: positionOf(9, 'two') } as Message);
    socket().say(reset(9, 'two'));
    await world.pass(500);
    await request().answer(later);
    expect(headlines()).toStrictEqual(['Headline 9']);
    socket().say({ ...hello, position: positionOf(9, 'two') } as Message);
    expect(connection.state).toBe('live');
  });

  it('is no waking for who is awake', () => {
    connection.wake();
    expect([world.sockets.length, socket().closed]).toStrictEqual([1, false]);
  });

  it('of the machine shows in a silence that no timer noticed', async () => {
    world.clock.advance(2 * HEARTBEAT);
    expect(connection.overdue).toBe(false);
    const { now } = world;
    world.now = () => now.call(world) + 3_600_000;
    expect(connection.overdue).toBe(true);
  });
});

describe('stopping', () => {
  const quiet = async () => {
    const before = [world.requests.length, world.sockets.length, changes];
    await world.pass(120_000);
    expect([world.requests.length, world.sockets.length, changes]).toStrictEqual(before);
  };

  it('aborts the first load', async () => {
    await world.pass(0);
    connection.stop();
    expect(request().init.signal?.aborted).toBe(true);
    await quiet();
  });

  it('closes both links and forgets what was to come', async () => {
    await live();
    socket().say({ type: 'goaway', afterMs: 0 });
    await world.pass(0);
    connection.stop();
    expect(world.sockets.map(({ closed }) => closed)).toStrictEqual([true, true]);
    await quiet();
  });

  it('ends the waiting for another attempt', async () => {
    await live();
    socket().drop();
    connection.stop();
    await quiet();
  });
});
