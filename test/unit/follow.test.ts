import { describe, expect, it, vi } from 'vitest';
import type { Tape } from '../../server/tape.ts';
import { following, logOf, remembered } from '../support/follow.ts';
import { itemOf } from '../support/log.ts';

const seqs = (tape: Tape) => tape.head.seq;

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

it('starts a new epoch also when commits land between the read and the rotation', async () => {
  const { script, tape, follow, log } = await following(logOf(5));
  const had = tape.head;
  log.entries = log.entries.slice(0, 3);
  for (let number = 14; number <= 19; number++) log.publish(itemOf(number));
  let more = 3;
  script.beforeRotation = () => {
    if (more-- > 0) log.publish(itemOf(20 + more));
  };
  await follow.refresh();
  expect(tape.locate(had)).toBe('epoch');
  expect(tape.head).toEqual(log.head);
});

it('stays where it is while commits land each time, and is unhealthy', async () => {
  const { script, tape, follow, log } = await following(logOf(5));
  const had = tape.head;
  log.entries = log.entries.slice(0, 3);
  for (let number = 14; number <= 19; number++) log.publish(itemOf(number));
  script.beforeRotation = () => log.publish(itemOf(20));
  await follow.refresh();
  expect([tape.head, follow.healthy]).toEqual([had, false]);
  script.beforeRotation = () => {};
  await follow.refresh();
  expect([tape.locate(had), follow.healthy]).toEqual(['epoch', true]);
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

describe('a position that was given out and is not on the log', () => {
  /** The store lost what came after number 3, and has used as many numbers again; nobody is left who had followed it. */
  async function afterALoss({ reused }: { reused: number }) {
    const log = logOf(5);
    const had = log.head;
    log.entries = log.entries.slice(0, 3);
    for (let number = 14; number < 14 + reused; number++) log.publish(itemOf(number));
    return { ...(await following(log)), had };
  }

  it.each([
    ['ahead of the head', 1],
    ['of another mark', 4],
  ])('starts a new epoch when it is %s', async (_where, reused) => {
    const { script, tape, follow, had, log } = await afterALoss({ reused });
    expect(await follow.place(remembered(had))).toBe('epoch');
    expect(script.events.filter((event) => event === 'rotate')).toHaveLength(1);
    expect(tape.epoch).not.toBe(had.epoch);
    expect(tape.head).toEqual(log.head);
  });

  it('starts one, however many bring one at once, and however many nodes they come to', async () => {
    const { script, log, tape, follow, had } = await afterALoss({ reused: 4 });
    const other = await following(log);
    const readers = [follow, other.follow, follow, other.follow, follow];
    const answers = await Promise.all(readers.map((node) => node.place(remembered(had))));
    expect(new Set(answers)).toEqual(new Set(['epoch']));
    expect(log.epoch).toBe(`${had.epoch}r`);
    expect([tape.epoch, other.tape.epoch]).toEqual([log.epoch, log.epoch]);
    expect(await follow.place(remembered(had))).toBe('epoch');
    expect(script.events.filter((event) => event === 'rotate')).toHaveLength(1);
  });

  it('starts one also when commits land between the read and the rotation', async () => {
    const { script, tape, follow, had, log } = await afterALoss({ reused: 1 });
    let more = 3;
    script.beforeRotation = () => {
      if (more-- > 0) log.publish(itemOf(20 + more));
    };
    expect(await follow.place(remembered(had))).toBe('epoch');
    expect(tape.epoch).toBe(log.epoch);
    expect(tape.head).toEqual(log.head);
  });

  it('resets its own reader only when it is sealed by nobody, by another store, or for another epoch or number', async () => {
    const { script, follow, had } = await afterALoss({ reused: 4 });
    const { seal, ...plain } = remembered(had);
    const elsewhere = remembered({ ...had, epoch: 'epoch1' });
    const other = remembered({ ...had, seq: 4 });
    const strangers = ['', seal.replace(/^./, (first) => (first === '0' ? '1' : '0')), seal.slice(1), `${seal}0`];
    for (const made of [...strangers, elsewhere.seal, other.seal])
      expect(await follow.place({ ...plain, seal: made })).toBe('mark');
    expect(script.events).not.toContain('rotate');
  });

  it('proves nothing in another epoch, nor below what the tape holds', async () => {
    const { script, follow, tape, had } = await afterALoss({ reused: 1 });
    expect(await follow.place(remembered({ ...had, epoch: 'epoch1' }))).toBe('epoch');
    tape.restart(tape.epoch, tape.head, []);
    expect(await follow.place(remembered({ ...had, seq: 2 }))).toBe('trimmed');
    expect(script.events).not.toContain('rotate');
  });

  it('is followed where it is only this node that was behind', async () => {
    const { script, follow, log } = await following(logOf(2));
    log.publish(itemOf(3));
    expect(await follow.place(remembered(log.head))).toBe(3);
    expect(script.events).not.toContain('rotate');
  });

  it('proves nothing to a node that cannot read the log', async () => {
    const { script, tape, follow, log } = await following(logOf(2));
    log.publish(itemOf(3));
    script.failing = true;
    expect(await follow.place(remembered(log.head))).toBe('ahead');
    expect([follow.healthy, script.events.includes('rotate'), tape.head.seq]).toEqual([false, false, 2]);
  });

  it('changes nothing where reads lag behind the log that rotations are made on', async () => {
    const { script, tape, follow, log } = await following(logOf(2));
    script.lag = 1;
    const { epoch } = log;
    log.publish(itemOf(3));
    expect(await follow.place(remembered(log.head))).toBe('ahead');
    expect(log.epoch).toBe(epoch);
    script.lag = 0;
    expect(await follow.place(remembered(log.head))).toBe(3);
    expect(tape.epoch).toBe(epoch);
  });

  it('is where it says it is, and asks nothing of the store, as long as nothing is lost', async () => {
    const { script, follow, log } = await following(logOf(3));
    script.events.length = 0;
    expect(await follow.place(remembered(log.head))).toBe(3);
    expect(await follow.place(undefined)).toBe('epoch');
    expect(script.events).toEqual([]);
  });
});
