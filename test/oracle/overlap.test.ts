import { expect, it } from 'vitest';
import type { Engine } from '../../server/engine.ts';
import { Follow } from '../../server/follow.ts';
import { createLog } from '../../server/log.ts';
import { Seal } from '../../server/seal.ts';
import { Tape } from '../../server/tape.ts';
import { formatPosition } from '../../shared/position.ts';
import { ManualClock } from '../support/clock.ts';
import { itemOf, ScriptedLog } from '../support/log.ts';

/** How long a read takes. */
const turn = () => new Promise<void>((done) => setImmediate(done));

/** A follower of a log, and how many of its reads were ever under way at once. */
function following(log: ScriptedLog, afterRead: () => void = () => {}) {
  const tape = new Tape('en', 100, formatPosition);
  const seen = { most: 0, wake: () => {} };
  let reading = 0;
  const engine = {
    async subscribe(_: string, listener: () => void) {
      seen.wake = listener;
      return () => {};
    },
    async read(_: string, after: number | undefined, limit: number) {
      seen.most = Math.max(seen.most, ++reading);
      const cut = log.read(after, limit);
      await turn();
      reading--;
      afterRead();
      return cut;
    },
  } as unknown as Engine;
  const [seal, clock] = [new Seal('secret'), new ManualClock()];
  return { tape, seen, follow: new Follow({ engine, tape, seal, clock, log: createLog('silent'), onMove: () => {} }) };
}

function wrongNumbers(tape: Tape, log: ScriptedLog): number[] {
  const wrong = log.entries.filter(({ seq, mark }) => !tape.positionAt(seq)?.endsWith(mark.slice(0, 12)));
  return wrong.map(({ seq }) => seq);
}

it('never reads twice at once, whenever somebody asks while another waits to be next', async () => {
  const log = new ScriptedLog();
  log.publish(itemOf(1));
  let asking = 0;
  // In each of the moments in which a read ends and the next has not begun.
  const ask = () => {
    if (asking-- <= 0) return;
    void follow.refresh();
    queueMicrotask(ask);
  };
  const { tape, seen, follow } = following(log, () => {
    if (asking <= 0) return;
    log.publish(itemOf(log.entries.length + 1));
    queueMicrotask(ask);
  });
  await follow.start();
  for (let round = 0; round < 5; round++) {
    asking = 12;
    void follow.refresh();
    await follow.refresh();
    for (let turns = 0; turns < 20; turns++) await turn();
  }
  await follow.refresh();
  expect(seen.most).toBe(1);
  expect(wrongNumbers(tape, log)).toStrictEqual([]);
  await follow.stop();
});

it('never reads twice at once while it fills the tape, whatever is announced meanwhile', async () => {
  const log = new ScriptedLog();
  log.publish(itemOf(1));
  const { tape, seen, follow } = following(log);
  const started = follow.start();
  for (let number = 2; number < 8; number++) {
    await Promise.resolve();
    log.publish(itemOf(number));
    seen.wake();
  }
  await started;
  await follow.refresh();
  expect(seen.most).toBe(1);
  expect(wrongNumbers(tape, log)).toStrictEqual([]);
  await follow.stop();
});
