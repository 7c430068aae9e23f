import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Fanout } from '../../server/fanout.ts';
import { Greeting, Greetings } from '../../server/greeting.ts';
import type { Outlet, Reader } from '../../server/reader.ts';
import { type Dialect, Tape } from '../../server/tape.ts';
import { formatPosition, GENESIS, type Position } from '../../shared/position.ts';
import type { Message } from '../../shared/wire.ts';
import { ManualClock } from '../support/clock.ts';
import { idOf, itemOf, ScriptedLog } from '../support/log.ts';

let encoded = 0;
const dialect: Dialect = {
  encode(message) {
    encoded++;
    return Buffer.from(`${JSON.stringify(message)}\n`);
  },
};

/** A connection that keeps what it was given, and is full when told so. */
class TestOutlet implements Outlet {
  readonly dialect = dialect;
  readonly writes: Buffer[] = [];
  full = false;
  closed = false;

  write(bytes: Buffer): boolean {
    this.writes.push(bytes);
    return !this.full;
  }

  end(): void {
    this.closed = true;
  }

  cut(): void {
    this.closed = true;
  }

  get messages(): Message[] {
    return String(Buffer.concat(this.writes))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  get ids(): string[] {
    return this.messages.flatMap((message) => (message.type === 'item' ? [message.item.id] : []));
  }
}

function hall(count: number) {
  const log = new ScriptedLog();
  for (let number = 1; number <= count; number++) log.publish(itemOf(number));
  const tape = new Tape('en', 100, formatPosition);
  tape.restart(log.epoch, { seq: 0, mark: GENESIS }, log.entries);
  const clock = new ManualClock();
  const fanout = new Fanout({ tapes: [tape], clock, heartbeatMs: 16_000, lifetimeMs: 3_600_000 });
  const at = (seq: number): Position => ({ epoch: log.epoch, seq, mark: log.entries[seq - 1]?.mark ?? GENESIS });
  const join = (seq: number, view?: { tag: string }): { outlet: TestOutlet; reader: Reader } => {
    const outlet = new TestOutlet();
    return { outlet, reader: fanout.join('en', outlet, { position: at(seq), view }) };
  };
  const publish = (...numbers: number[]): void => {
    tape.append(numbers.map((number) => log.publish(itemOf(number))));
    fanout.moved('en');
  };
  return { log, tape, clock, fanout, at, join, publish };
}

it('brings a reader who joins from its position to the head, in one write', () => {
  const { join } = hall(5);
  const { outlet } = join(2);
  expect(outlet.ids).toEqual([idOf(3), idOf(4), idOf(5)]);
  expect(outlet.writes).toHaveLength(1);
});

it('says hello first', () => {
  const { fanout, at } = hall(2);
  const outlet = new TestOutlet();
  const hello = new Greeting({ type: 'hello', edition: 'en', position: 'p', heartbeatMs: 1 });
  fanout.join('en', outlet, { position: at(1), hello });
  expect(outlet.messages.map(({ type }) => type)).toEqual(['hello', 'item']);
});

it('gives all readers at one cursor the very same bytes', async () => {
  const { join, publish } = hall(1);
  const outlets = Array.from({ length: 100 }, () => join(1).outlet);
  encoded = 0;
  publish(2, 3);
  await vi.waitFor(() => expect(outlets.every((outlet) => outlet.ids.length === 2)).toBe(true));
  expect(encoded).toBe(2);
  expect(outlets.every((outlet) => outlet.writes.length === 1)).toBe(true);
});

it('keeps only the cursor of a full connection, and goes on when it has drained', async () => {
  const { join, publish, fanout } = hall(1);
  const slow = join(1);
  const quick = join(1);
  slow.outlet.full = true;
  publish(2);
  await vi.waitFor(() => expect(slow.outlet.ids).toHaveLength(1));
  publish(3, 4);
  await vi.waitFor(() => expect(quick.outlet.ids).toHaveLength(3));
  expect(slow.outlet.ids).toEqual([idOf(2)]);
  slow.outlet.full = false;
  fanout.resume('en', slow.reader);
  expect(slow.outlet.ids).toEqual([idOf(2), idOf(3), idOf(4)]);
});

it('sends a slow reader the last version only', async () => {
  const { log, tape, join, publish, fanout } = hall(1);
  const slow = join(1);
  slow.outlet.full = true;
  publish(2);
  await vi.waitFor(() => expect(slow.outlet.ids).toHaveLength(1));
  tape.append([log.publish(itemOf(3)), log.publish(itemOf(3, { revision: 2 })), log.kill(idOf(3), 3)]);
  fanout.moved('en');
  slow.outlet.full = false;
  fanout.resume('en', slow.reader);
  expect(slow.outlet.messages.slice(1)).toMatchObject([{ type: 'kill', id: idOf(3), revision: 3 }]);
});

it('hands out no bytes that were shared before a kill', () => {
  const { log, tape, join, fanout } = hall(3);
  expect(join(1).outlet.ids).toEqual([idOf(2), idOf(3)]);
  tape.append([log.kill(idOf(3), 2)]);
  fanout.moved('en');
  const { outlet } = join(1);
  expect(outlet.messages).toMatchObject([{ type: 'item' }, { type: 'kill', id: idOf(3) }]);
  expect(String(Buffer.concat(outlet.writes))).not.toContain('Headline 3');
});

it('resets once who fell off the tape, stands in another epoch, or remembers another mark', () => {
  const { fanout, at, tape } = hall(5);
  const joined = (position: Position | undefined) => {
    const outlet = new TestOutlet();
    fanout.join('en', outlet, { position });
    return outlet.messages;
  };
  const head = expect.stringMatching(new RegExp(`^${tape.epoch}\\.5\\.`));
  expect(joined({ ...at(3), epoch: 'other' })).toEqual([{ type: 'reset', position: head, reason: 'epoch' }]);
  expect(joined({ ...at(3), mark: at(2).mark })).toEqual([{ type: 'reset', position: head, reason: 'mark' }]);
  expect(joined({ ...at(5), seq: 6 })).toEqual([{ type: 'reset', position: head, reason: 'ahead' }]);
  expect(joined(undefined)).toEqual([{ type: 'reset', position: head, reason: 'epoch' }]);
});

it('resets a full reader once it can be written to again, when the tape has left it behind', async () => {
  const { join, publish, fanout } = hall(1);
  const slow = join(1);
  slow.outlet.full = true;
  publish(2);
  await vi.waitFor(() => expect(slow.outlet.ids).toHaveLength(1));
  publish(...Array.from({ length: 150 }, (_, at) => at + 3));
  const quick = join(0);
  publish(190);
  await vi.waitFor(() => expect(quick.outlet.ids).toEqual([idOf(190)]));
  expect(slow.outlet.writes).toHaveLength(1);
  slow.outlet.full = false;
  fanout.resume('en', slow.reader);
  expect(slow.outlet.messages.slice(1)).toMatchObject([{ type: 'reset', reason: 'trimmed' }]);
  publish(200);
  await vi.waitFor(() => expect(slow.outlet.ids.at(-1)).toBe(idOf(200)));
});

it('resets everybody when the tape becomes another', async () => {
  const { tape, join, fanout, log } = hall(3);
  const { outlet } = join(3);
  log.epoch = 'next';
  tape.restart('next', { seq: 0, mark: GENESIS }, log.entries);
  fanout.moved('en');
  await vi.waitFor(() => expect(outlet.messages).toMatchObject([{ type: 'reset', reason: 'epoch' }]));
});

it('misses nobody when readers leave in the middle of a walk', async () => {
  const { join, publish, fanout } = hall(1);
  const all = Array.from({ length: 40 }, () => join(1));
  const stay = [...all.slice(0, 10), ...all.slice(20)];
  // This write makes the second ten leave, so that the last ten move to places that the walk has passed.
  const outlet = all[25]?.outlet as TestOutlet;
  const write = outlet.write.bind(outlet);
  outlet.write = (bytes) => {
    if (outlet.writes.length === 0) for (const { reader } of all.slice(10, 20)) fanout.leave('en', reader);
    return write(bytes);
  };
  publish(2);
  await vi.waitFor(() => expect(stay.map(({ outlet }) => outlet.ids.length)).toEqual(Array(30).fill(1)));
  expect(fanout.count()).toBe(30);
});

it('beats at least once in a heartbeat to the idle, with their own position, and never to the busy', async () => {
  const { join, clock, publish, tape } = hall(2);
  const idle = Array.from({ length: 64 }, () => join(2));
  for (let second = 0; second < 32; second++) clock.advance(1_000);
  for (const { outlet } of idle) {
    expect(outlet.messages.length).toBeGreaterThanOrEqual(1);
    expect(outlet.messages.length).toBeLessThanOrEqual(4);
    expect(outlet.messages[0]).toMatchObject({ type: 'beat', position: tape.positionAt(2) });
  }
  const before = idle.map(({ outlet }) => outlet.messages.length);
  publish(3);
  await vi.waitFor(() => expect(idle.every(({ outlet }) => outlet.ids.length === 1)).toBe(true));
  for (let second = 0; second < 8; second++) clock.advance(1_000);
  expect(idle.map(({ outlet }) => outlet.messages.length - 1)).toEqual(before);
});

it('serves a view what is its own, and moves its cursor past the rest', async () => {
  const { join, publish, tape, log, fanout } = hall(1);
  const { outlet, reader } = join(1, { tag: 'floods' });
  publish(2);
  tape.append([log.publish(itemOf(3, { tags: [{ slug: 'floods', name: 'Floods' }] }))]);
  fanout.moved('en');
  await vi.waitFor(() => expect(outlet.ids).toEqual([idOf(3)]));
  expect(reader.cursor).toBe(3);
});

it('rests after a pass for a third of the time that it took, and then sends in one write what came meanwhile', async () => {
  const { join, publish, clock } = hall(1);
  const outlets = Array.from({ length: 3 }, () => join(1).outlet);
  for (const outlet of outlets) {
    const write = outlet.write.bind(outlet);
    outlet.write = (bytes) => {
      clock.advance(10);
      return write(bytes);
    };
  }
  publish(2);
  await vi.waitFor(() => expect(outlets.every(({ writes }) => writes.length === 1)).toBe(true));
  publish(3);
  publish(4);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  clock.advance(9);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  expect(outlets.map(({ writes }) => writes.length)).toEqual([1, 1, 1]);
  clock.advance(1);
  expect(outlets.map(({ ids, writes }) => [ids.length, writes.length])).toEqual(Array(3).fill([3, 2]));
});

it('encodes a greeting once for all who are greeted with it', () => {
  const { fanout, at } = hall(2);
  const hello = new Greetings(1).again('en', 'p');
  encoded = 0;
  for (let count = 0; count < 10; count++) fanout.join('en', new TestOutlet(), { position: at(2), hello });
  expect(encoded).toBe(1);
});

it('closes every connection in the end', () => {
  const { join, fanout } = hall(1);
  const { outlet } = join(1);
  fanout.close();
  expect(outlet.closed).toBe(true);
});
