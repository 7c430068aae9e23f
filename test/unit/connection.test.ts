import { beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../client/widget/connection.ts';
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
  connection = new Connection(SOURCE, () => changes++, world);
});

const request = (at = -1) => world.requests.at(at) ?? expect.fail('nothing was asked');
const socket = (at = -1) => world.sockets.at(at) ?? expect.fail('no socket was opened');
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
      connection = new Connection({ ...SOURCE, ...view }, () => {}, world);
      await live();
      for (const { url } of [request(), socket()]) expect(Object.fromEntries(url.searchParams)).toMatchObject(view);
    }
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
    expect([connection.state, world.sockets.length]).toStrictEqual(['connecting', 1]);
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

  it('are not kept while no snapshot is wanted', async () => {
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
    for (const wait of waits) {
      const before = world.sockets.length;
      socket().drop();
      await world.pass(wait - 1);
      expect(world.sockets).toHaveLength(before);
      await world.pass(1);
      expect(world.sockets).toHaveLength(before + 1);
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
    await world.pass(20_000);
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
    await world.pass(10_000);
    expect(world.sockets).toHaveLength(2);
    socket(1).say(hello);
    expect(connection.state).toBe('live');
  });

  it('keeps the old link as long as the next one fails', async () => {
    await world.pass(4_000);
    socket(1).drop();
    expect([connection.state, socket(0).closed]).toStrictEqual(['live', false]);
    await world.pass(750);
    socket(2).say(hello);
    expect([socket(0).closed, connection.state]).toStrictEqual([true, 'live']);
  });
});

describe('a reset', () => {
  it('loads a snapshot from its position, after a jitter', async () => {
    await live();
    world.chance = 1;
    socket().say(reset(7, 'two'));
    await world.pass(999);
    expect(world.requests).toHaveLength(1);
    await world.pass(1);
    expect(request().url.searchParams.get('min')).toBe(positionOf(7, 'two'));
    await request().answer(snapshotOf([itemOf(5)], 7, { position: positionOf(7, 'two') }));
    expect(headlines()).toStrictEqual(['Headline 5']);
    expect(connection.rows?.position).toBe(positionOf(7, 'two'));
    expect([connection.state, world.sockets.length]).toStrictEqual(['live', 1]);
  });

  it('keeps what comes meanwhile and replays it onto the snapshot', async () => {
    await live();
    socket().say(reset(7, 'two'));
    socket().say(item(8, itemOf(8), 'two'));
    await world.pass(500);
    socket().say(item(9, itemOf(9), 'two'));
    socket().say({ type: 'hold', position: positionOf(10, 'two'), id: idOf(5), revision: 2 });
    await request().answer(snapshotOf([itemOf(8), itemOf(5)], 8, { position: positionOf(8, 'two') }));
    expect(headlines()).toStrictEqual(['Headline 9', 'Headline 8']);
    expect(connection.rows?.position).toBe(positionOf(10, 'two'));
    expect(world.requests).toHaveLength(2);
  });

  it('asks again while the snapshot is older, or of another epoch', async () => {
    await live();
    socket().say(reset(7, 'two'));
    await world.pass(500);
    for (const stale of [positionOf(6, 'two'), positionOf(99, 'one'), 'nonsense']) {
      await request().answer(snapshotOf([itemOf(99)], 0, { position: stale }));
      expect([headlines(), connection.state]).toStrictEqual([['Headline 1'], 'reconnecting']);
      const before = world.requests.length;
      await world.pass(5_000);
      expect(world.requests).toHaveLength(before + 1);
    }
    await request().answer(snapshotOf([itemOf(5)], 0, { position: positionOf(8, 'two') }));
    expect([headlines(), connection.state]).toStrictEqual([['Headline 5'], 'live']);
  });

  it('during a load asks anew, once, and is not content with what was asked for before it', async () => {
    await live();
    socket().say(reset(7));
    await world.pass(500);
    socket().say(item(8, itemOf(8)));
    socket().say(reset(20, 'two'));
    expect(request(1).init.signal?.aborted).toBe(true);
    socket().say(item(21, itemOf(21), 'two'));
    await world.pass(5_000);
    expect(world.requests).toHaveLength(3);
    expect(request().url.searchParams.get('min')).toBe(positionOf(20, 'two'));
    await request().answer(snapshotOf([itemOf(20)], 0, { position: positionOf(20, 'two') }));
    expect(headlines()).toStrictEqual(['Headline 21', 'Headline 20']);
    await world.pass(60_000);
    expect(world.requests).toHaveLength(3);
  });

  it('during a load lets no answer count that was on its way, however new it looks', async () => {
    await live();
    socket().say(reset(7));
    await world.pass(500);
    const early = request();
    socket().say(reset(5));
    await early.answer(snapshotOf([itemOf(99)], 9));
    expect(headlines()).toStrictEqual(['Headline 1']);
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(5)], 5));
    expect([headlines(), world.requests.length]).toStrictEqual([['Headline 5'], 3]);
  });

  it('is loaded for again, and forgets what it kept, when another link takes over meanwhile', async () => {
    await live();
    socket().say(reset(7));
    await world.pass(500);
    const early = request();
    socket().say(item(9, itemOf(9)));
    socket().drop();
    await world.pass(750);
    socket(1).say(hello);
    await early.answer(snapshotOf([itemOf(99)], 10));
    expect(headlines()).not.toContain('Headline 99');
    await world.pass(500);
    // What the old link brought is not in what is kept any more, so it has to be in the snapshot.
    expect([request().url.searchParams.get('min'), world.requests.length]).toStrictEqual([positionOf(9), 3]);
    await request().answer(snapshotOf([itemOf(7)], 7));
    expect(headlines()).toContain('Headline 9');
    await world.pass(750);
    await request().answer(snapshotOf([itemOf(9), itemOf(7)], 9));
    expect(headlines()).toStrictEqual(['Headline 9', 'Headline 7']);
  });

  it('outlives the link that brought it', async () => {
    await live();
    socket().say(reset(7, 'two'));
    socket().drop();
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(5)], 0, { position: positionOf(7, 'two') }));
    await world.pass(250);
    expect(headlines()).toStrictEqual(['Headline 5']);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(7, 'two'));
  });

  it('does not make old rows look new', async () => {
    await live();
    const last = world.now();
    socket().say(reset(7, 'two'));
    await world.pass(500);
    await request().fail();
    socket().say({ type: 'beat', position: positionOf(7, 'two'), at: new Date(world.now()).toISOString() });
    expect([connection.state, connection.asOf]).toStrictEqual(['reconnecting', last]);
  });

  it('does not keep messages without end', async () => {
    await live();
    socket().say(reset(7));
    await world.pass(500);
    for (let seq = 8; seq < 700; seq++) socket().say(item(seq, itemOf(seq)));
    await request().fail();
    await world.pass(1_000);
    expect(request().url.searchParams.get('min')).toBe(positionOf(508));
    await request().answer(snapshotOf([itemOf(508)], 508));
    expect(headlines().slice(0, 2)).toStrictEqual(['Headline 699', 'Headline 698']);
    expect(connection.rows?.position).toBe(positionOf(699));
  });
});

describe('a snapshot that the link has not told of', () => {
  /** As from a cache, or from a life of the log that has ended. */
  async function unheardOf(): Promise<void> {
    await live();
    socket().say(reset(7));
    await world.pass(500);
    await request().answer(snapshotOf([itemOf(5)], 9));
  }

  it('is shown, and a link from it asks the server, before the old one is closed', async () => {
    await unheardOf();
    expect(headlines()).toStrictEqual(['Headline 5']);
    expect([world.sockets.length, socket(0).closed]).toStrictEqual([2, false]);
    socket(0).say(item(10, itemOf(10)));
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(9));
    socket(1).say(hello);
    expect([socket(0).closed, connection.state, headlines()[0]]).toStrictEqual([true, 'live', 'Headline 10']);
    await world.pass(5_000);
    expect([world.sockets.length, world.requests.length]).toStrictEqual([2, 2]);
  });

  it('is asked about until a link has begun from it', async () => {
    await unheardOf();
    socket(0).say(item(10, itemOf(10)));
    socket(1).drop();
    await world.pass(5_000);
    expect(socket(2).url.searchParams.get('since')).toBe(positionOf(9));
    socket(2).say(hello);
    socket(2).drop();
    await world.pass(5_000);
    expect(socket(3).url.searchParams.get('since')).toBe(positionOf(10));
  });

  it('takes the place of a link that is being opened from elsewhere', async () => {
    await live();
    socket().say(reset(7));
    socket().say({ type: 'goaway', afterMs: 0 });
    await world.pass(500);
    expect(socket(1).url.searchParams.get('since')).toBe(positionOf(1));
    await request().answer(snapshotOf([itemOf(5)], 9));
    expect([socket(1).closed, world.sockets.length]).toStrictEqual([true, 3]);
    expect(socket(2).url.searchParams.get('since')).toBe(positionOf(9));
  });

  it('is another than one at the place of the reset, or of what came since', async () => {
    for (const place of [7, 8]) {
      world = new TestWorld();
      connection = new Connection(SOURCE, () => changes++, world);
      await live();
      socket().say(reset(7));
      socket().say(item(8, itemOf(8)));
      await world.pass(500);
      await request().answer(snapshotOf([itemOf(5)], place));
      await world.pass(5_000);
      expect(world.sockets).toHaveLength(1);
    }
  });
});

describe('too few rows', () => {
  const ten = Array.from({ length: 10 }, (_, at) => itemOf(30 - at));
  const held: Message = { type: 'hold', position: positionOf(2), id: idOf(30), revision: 2 };

  it('are filled by a snapshot no older than the hold, while the rest goes on', async () => {
    await live(snapshotOf(ten, 1, { more: true }));
    socket().say(held);
    socket().say(item(3, itemOf(40)));
    expect(headlines()[0]).toBe('Headline 40');
    await world.pass(500);
    expect(request().url.searchParams.get('min')).toBe(positionOf(2));
    await request().answer(snapshotOf([...ten.slice(1), itemOf(15), itemOf(14)], 2, { more: true }));
    expect(connection.rows?.entries.has(idOf(15))).toBe(true);
    expect(headlines().slice(0, 2)).toStrictEqual(['Headline 40', 'Headline 29']);
    expect(world.requests).toHaveLength(2);
  });

  it('again after that load are filled by one more', async () => {
    await live(snapshotOf(ten, 1, { more: true }));
    socket().say(held);
    await world.pass(500);
    socket().say({ ...held, position: positionOf(3), id: idOf(29) });
    await request().answer(snapshotOf(ten.slice(1), 2, { more: true }));
    await world.pass(500);
    expect(request().url.searchParams.get('min')).toBe(positionOf(3));
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
    socket(0).say(reset(9));
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
