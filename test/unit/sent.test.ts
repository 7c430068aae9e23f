import { expect, it, vi } from 'vitest';
import { Fanout } from '../../server/fanout.ts';
import type { Outlet } from '../../server/reader.ts';
import { MOST_SENT } from '../../server/sent.ts';
import { type Dialect, Tape } from '../../server/tape.ts';
import { formatPosition, GENESIS } from '../../shared/position.ts';
import { ManualClock } from '../support/clock.ts';
import { idOf, itemOf, ScriptedLog } from '../support/log.ts';

const dialect: Dialect = { encode: (message) => Buffer.from(JSON.stringify(message)) };

/** A connection that is full when told so. */
class TestOutlet implements Outlet {
  readonly dialect = dialect;
  full = false;
  writes = 0;

  write(): boolean {
    this.writes++;
    this.onWrite();
    return !this.full;
  }

  onWrite: () => void = () => {};
  end(): void {}
  cut(): void {}
}

function edition() {
  const log = new ScriptedLog();
  log.publish(itemOf(1));
  const tape = new Tape('en', 200, formatPosition);
  const clock = new ManualClock();
  const fanout = new Fanout({ tapes: [tape], clock, heartbeatMs: 16_000, lifetimeMs: 3_600_000 });
  const fill = () => {
    tape.restart(log.epoch, { seq: 0, mark: GENESIS }, log.entries);
    fanout.moved('en');
  };
  fill();
  const join = (position = tape.head, view?: { tag: string }) => {
    const outlet = new TestOutlet();
    return { outlet, reader: fanout.join('en', outlet, { position, view }) };
  };
  const publish = (number: number, fields = {}): void => {
    tape.append([log.publish(itemOf(number, fields))]);
    fanout.moved('en');
  };
  const sent = () => fanout.audience('en').sent.map(({ id, revision, readers, ms }) => ({ id, revision, readers, ms }));
  const walked = (readers: number, ms = 0) => vi.waitFor(() => expect(sent()[0]).toMatchObject({ readers, ms }));
  return { log, tape, clock, fanout, fill, join, publish, sent, walked };
}

it('counts every reader that was there, once for each entry', async () => {
  const { join, publish, sent, walked } = edition();
  const readers = Array.from({ length: 100 }, () => join());
  publish(2);
  await walked(100);
  publish(3);
  publish(4);
  await walked(100);
  expect(sent()).toEqual([4, 3, 2].map((number) => ({ id: idOf(number), revision: 1, readers: 100, ms: 0 })));
  expect(readers.map(({ outlet }) => outlet.writes)).toEqual(Array(100).fill(2));
});

it('tells how long the walk took, from the arrival to the last write', async () => {
  const { join, publish, clock, walked, fanout } = edition();
  const readers = Array.from({ length: 50 }, () => join());
  const at = clock.now();
  for (const { outlet } of readers) outlet.onWrite = () => clock.advance(2);
  publish(2);
  await walked(50, 100);
  clock.advance(1_000);
  publish(3);
  await vi.waitFor(() => expect(fanout.audience('en').sent[0]).toMatchObject({ readers: 50, at: at + 1_100, ms: 100 }));
  expect(fanout.audience('en').sent[1]).toEqual({ id: idOf(2), revision: 1, at, readers: 50, ms: 100 });
});

it('counts a full connection only when it has drained, and says how late that was', async () => {
  const { join, publish, sent, walked, clock, fanout } = edition();
  const slow = join();
  const quick = [join(), join()];
  slow.outlet.full = true;
  publish(2);
  await walked(3);
  publish(3);
  publish(4);
  await walked(2);
  expect(quick[0]?.outlet.writes).toBe(2);
  expect(slow.outlet.writes).toBe(1);
  clock.advance(700);
  expect(sent()[0]).toMatchObject({ readers: 2, ms: 0 });
  slow.outlet.full = false;
  fanout.resume('en', slow.reader);
  expect(sent()).toEqual([
    { id: idOf(4), revision: 1, readers: 3, ms: 700 },
    { id: idOf(3), revision: 1, readers: 3, ms: 700 },
    { id: idOf(2), revision: 1, readers: 3, ms: 0 },
  ]);
});

it('counts nobody who left before, came later, or was reset', async () => {
  const { join, publish, sent, walked, fanout, log, tape, fill } = edition();
  const [gone, stays] = [join(), join()];
  fanout.leave('en', gone.reader);
  const before = tape.head;
  publish(2);
  await walked(1);
  join(before);
  fanout.moved('en');
  publish(3);
  await walked(2);
  expect(sent()[1]).toMatchObject({ id: idOf(2), readers: 1 });
  log.epoch = 'epoch1';
  fill();
  // Everybody is reset past it.
  publish(4);
  await vi.waitFor(() => expect(stays.outlet.writes).toBe(3));
  publish(5);
  await walked(2);
  expect(sent().map(({ id, readers }) => [id, readers])).toEqual([
    [idOf(5), 2],
    [idOf(4), 0],
    [idOf(3), 2],
    [idOf(2), 1],
  ]);
});

it('does not take an entry for the one that had its number in an epoch that has ended', async () => {
  const { join, publish, sent, walked, fanout, tape } = edition();
  const { outlet } = join();
  publish(2);
  await walked(1);
  const next = new ScriptedLog('epoch1');
  next.publish(itemOf(1));
  tape.restart(next.epoch, { seq: 0, mark: GENESIS }, next.entries);
  fanout.moved('en');
  await vi.waitFor(() => expect(outlet.writes).toBe(2));
  tape.append([next.publish(itemOf(3))]);
  fanout.moved('en');
  await walked(1);
  expect(sent().map(({ id, readers }) => [id, readers])).toEqual([
    [idOf(3), 1],
    [idOf(2), 1],
  ]);
});

it('counts a view only for what it is sent', async () => {
  const { join, publish, sent, walked, log, tape, fanout } = edition();
  const tags = [{ slug: 'floods', name: 'Floods' }];
  join();
  for (let reader = 0; reader < 3; reader++) join(tape.head, { tag: 'floods' });
  publish(2);
  await walked(1);
  publish(3, { tags });
  await walked(4);
  // It matches no more, which the view must hear.
  tape.append([log.publish(itemOf(3, { revision: 2 })), log.kill(idOf(2), 2)]);
  fanout.moved('en');
  await walked(4);
  expect(sent().map(({ id, revision, readers }) => [id, revision, readers])).toEqual([
    [idOf(2), 2, 4],
    [idOf(3), 2, 4],
    [idOf(3), 1, 4],
    [idOf(2), 1, 1],
  ]);
});

it('counts for a slow reader what it was sent, and not what was replaced meanwhile', async () => {
  const { join, publish, sent, walked, fanout } = edition();
  const slow = join();
  slow.outlet.full = true;
  publish(2);
  await walked(1);
  publish(3);
  publish(3, { revision: 2 });
  slow.outlet.full = false;
  fanout.resume('en', slow.reader);
  expect(sent().map(({ revision, readers }) => [revision, readers])).toEqual([
    [2, 1],
    [1, 0],
    [1, 1],
  ]);
});

it('knows the newest 50 entries, also when more arrive at once, and none of what it was filled with', () => {
  const { log, tape, fanout, publish, sent } = edition();
  expect(sent()).toEqual([]);
  publish(2);
  expect(sent()).toEqual([{ id: idOf(2), revision: 1, readers: 0, ms: 0 }]);
  tape.append(Array.from({ length: MOST_SENT + 10 }, (_, at) => log.publish(itemOf(at + 3))));
  fanout.moved('en');
  expect(sent()).toHaveLength(MOST_SENT);
  expect(sent()[0]?.id).toBe(idOf(MOST_SENT + 12));
  tape.append([log.publish(itemOf(190), true), log.publish(itemOf(191))]);
  fanout.moved('en');
  expect(
    sent()
      .slice(0, 2)
      .map(({ id }) => id),
  ).toEqual([idOf(191), idOf(MOST_SENT + 12)]);
});
