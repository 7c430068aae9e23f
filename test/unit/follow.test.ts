import { expect, it, vi } from 'vitest';
import type { Engine } from '../../server/engine.ts';
import { Follow } from '../../server/follow.ts';
import { createLog } from '../../server/log.ts';
import { Tape } from '../../server/tape.ts';
import { ManualClock } from '../support/clock.ts';
import { itemOf, ScriptedLog } from '../support/log.ts';

/** An engine of which only the log is there, told by the script; announcements come when the test says so. */
function scripted(log: ScriptedLog) {
  const listeners = new Set<() => void>();
  const events: string[] = [];
  const script = {
    events,
    failing: false,
    /** Runs before each read, as another process might. */
    meanwhile: (): void => {},
    announce: () => {
      for (const listener of listeners) listener();
    },
  };
  const engine: Pick<Engine, 'read' | 'rotate' | 'subscribe'> = {
    async subscribe(_edition, listener) {
      await Promise.resolve();
      events.push('subscribed');
      listeners.add(listener as () => void);
      return () => listeners.delete(listener as () => void);
    },
    async read(_edition, after, limit) {
      events.push('read');
      script.meanwhile();
      if (script.failing) throw new Error('the store is away');
      const cut = log.read(after, Math.min(limit, 3));
      await Promise.resolve();
      return cut;
    },
    async rotate(_edition, seen) {
      events.push('rotate');
      if (seen.epoch === log.epoch && seen.seq === log.head.seq) log.epoch = `${log.epoch}r`;
      return log.epoch;
    },
  };
  return Object.assign(script, { engine: engine as Engine });
}

async function following(log: ScriptedLog) {
  const script = scripted(log);
  const tape = new Tape('en', 100);
  const clock = new ManualClock();
  const onMove = vi.fn();
  const follow = new Follow({ engine: script.engine, tape, clock, log: createLog('silent'), onMove });
  await follow.start();
  return { script, tape, clock, follow, onMove, log };
}

const seqs = (tape: Tape) => tape.head.seq;

function logOf(count: number): ScriptedLog {
  const log = new ScriptedLog();
  for (let number = 1; number <= count; number++) log.publish(itemOf(number));
  return log;
}

it('subscribes before it reads, and fills the tape with all that the log keeps, page by page', async () => {
  const { script, tape, log } = await following(logOf(8));
  expect(script.events[0]).toBe('subscribed');
  expect(tape.head).toEqual(log.head);
  expect(tape.locate({ ...log.head, seq: 0, mark: '0'.repeat(40) })).toBe(0);
});

it('reads on when it is woken, and tells that the tape moved', async () => {
  const { script, tape, follow, onMove, log } = await following(logOf(2));
  onMove.mockClear();
  for (let number = 3; number <= 9; number++) log.publish(itemOf(number));
  script.announce();
  await follow.refresh();
  expect(seqs(tape)).toBe(9);
  expect(onMove).toHaveBeenCalledTimes(1);
});

it('finds a commit whose announcement was lost within a second', async () => {
  const { tape, clock, follow, log } = await following(logOf(2));
  log.publish(itemOf(3));
  clock.advance(1_000);
  await vi.waitFor(() => expect(seqs(tape)).toBe(3));
  expect(follow.healthy).toBe(true);
});

it('shares one read between all who ask while a read is under way', async () => {
  const { script, follow } = await following(logOf(1));
  script.events.length = 0;
  await Promise.all(Array.from({ length: 50 }, () => follow.refresh()));
  expect(script.events).toEqual(['read', 'read']);
});

it('leaves no hole when commits fall between two pages', async () => {
  const { script, tape, follow, log } = await following(logOf(1));
  for (let number = 2; number <= 5; number++) log.publish(itemOf(number));
  let more = 5;
  script.meanwhile = () => {
    if (more < 20) log.publish(itemOf(++more));
  };
  await follow.refresh();
  expect(tape.head).toEqual(log.head);
  expect(tape.locate({ ...log.head, seq: 0, mark: '0'.repeat(40) })).toBe(0);
});

it('starts a new epoch when numbers it had are used again', async () => {
  const { script, tape, follow, log } = await following(logOf(5));
  const had = tape.head;
  log.entries = log.entries.slice(0, 3);
  for (let number = 14; number <= 19; number++) log.publish(itemOf(number));
  await follow.refresh();
  expect(script.events).toContain('rotate');
  expect(tape.epoch).not.toBe(had.epoch);
  expect(tape.locate(had)).toBe('epoch');
  expect(tape.head).toEqual(log.head);
});

it('starts a new epoch when the log went back and stays there', async () => {
  const { script, tape, follow, log } = await following(logOf(5));
  log.entries = log.entries.slice(0, 3);
  await follow.refresh();
  expect(script.events).toContain('rotate');
  expect(tape.head).toEqual(log.head);
});

it('starts a new epoch when the log was trimmed past its head', async () => {
  const { tape, follow, log } = await following(logOf(2));
  const had = tape.head;
  for (let number = 3; number <= 9; number++) log.publish(itemOf(number));
  log.entries = log.entries.slice(5);
  await follow.refresh();
  expect(tape.locate(had)).toBe('epoch');
  expect(tape.head).toEqual(log.head);
});

it('adopts an epoch that another node has started, without starting one more', async () => {
  const { script, tape, follow, log } = await following(logOf(2));
  log.epoch = 'theirs';
  log.publish(itemOf(3));
  await follow.refresh();
  expect(script.events).not.toContain('rotate');
  expect(tape.head).toEqual(log.head);
});

it('is unhealthy while the store is away, and goes on where it was', async () => {
  const { script, tape, follow, log } = await following(logOf(2));
  script.failing = true;
  log.publish(itemOf(3));
  await follow.refresh();
  expect(follow.healthy).toBe(false);
  script.failing = false;
  await follow.refresh();
  expect(follow.healthy).toBe(true);
  expect(seqs(tape)).toBe(3);
});

it('stops listening and looking when it is stopped', async () => {
  const { script, clock, follow, tape, log } = await following(logOf(2));
  await follow.stop();
  log.publish(itemOf(3));
  script.announce();
  clock.advance(5_000);
  expect(seqs(tape)).toBe(2);
});
