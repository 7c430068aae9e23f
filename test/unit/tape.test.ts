import { expect, it } from 'vitest';
import { type Dialect, Tape } from '../../server/tape.ts';
import { formatPosition, GENESIS, type Position, parsePosition } from '../../shared/position.ts';
import type { Message } from '../../shared/wire.ts';
import { idOf, itemOf, ScriptedLog } from '../support/log.ts';

/** A dialect that counts, and whose pieces can be read back. */
function counting(): Dialect & { encoded: number } {
  return {
    encoded: 0,
    encode(message) {
      this.encoded++;
      return Buffer.from(`${JSON.stringify(message)}\n`);
    },
  };
}

function filled(log: ScriptedLog, length = 100): Tape {
  const tape = new Tape('en', length, formatPosition);
  tape.restart(log.epoch, { seq: 0, mark: GENESIS }, log.entries);
  return tape;
}

function sent(tape: Tape, cursor: number, view?: { tag: string }): Message[] {
  const { bytes } = tape.bytesAfter(cursor, view, counting(), Number.POSITIVE_INFINITY);
  return String(bytes)
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function logOf(count: number): ScriptedLog {
  const log = new ScriptedLog();
  for (let number = 1; number <= count; number++) log.publish(itemOf(number));
  return log;
}

it('sends what stands after the cursor, in order, each with its own position', () => {
  const tape = filled(logOf(3));
  const messages = sent(tape, 1);
  expect(messages.map((message) => message.type === 'item' && message.item.id)).toEqual([idOf(2), idOf(3)]);
  expect(messages.map((message) => 'position' in message && parsePosition(message.position)?.seq)).toEqual([2, 3]);
  expect(sent(tape, 3)).toEqual([]);
});

it('writes each position once, however many ask for it, and anew in another epoch', () => {
  const log = logOf(3);
  const written: Position[] = [];
  const tape = new Tape('en', 100, (position) => {
    written.push(position);
    return formatPosition(position);
  });
  tape.restart('first', { seq: 0, mark: GENESIS }, log.entries);
  const ask = () => [0, 2, 3].map((cursor) => tape.positionAt(cursor)).concat(tape.headPosition);
  expect(ask()).toEqual(ask());
  tape.bytesAfter(1, undefined, counting(), Number.POSITIVE_INFINITY);
  tape.bytesAfter(1, { tag: 'none' }, counting(), Number.POSITIVE_INFINITY);
  tape.resetMessage();
  expect(written.map(({ epoch, seq }) => [epoch, seq])).toEqual([0, 2, 3].map((seq) => ['first', seq]));
  tape.restart('second', tape.head, []);
  expect(tape.headPosition).toMatch(/^second\.3\./);
});

it('finds a position from the very base to the head, and says why it finds none', () => {
  const log = logOf(3);
  const tape = filled(log);
  const at = (seq: number, mark = log.entries[seq - 1]?.mark ?? GENESIS, epoch = log.epoch) => ({ epoch, seq, mark });
  expect(tape.locate(at(0))).toBe(0);
  expect(tape.locate(at(3))).toBe(3);
  expect(tape.locate({ ...at(3), mark: at(3).mark.slice(0, 12) })).toBe(3);
  expect(tape.locate(at(4))).toBe('ahead');
  expect(tape.locate(at(2, at(1).mark))).toBe('mark');
  expect(tape.locate(at(0, at(1).mark))).toBe('mark');
  expect(tape.locate(at(2, undefined, 'other'))).toBe('epoch');
  expect(tape.locate(undefined)).toBe('epoch');
});

it('holds as many entries as the log, and resets who stands before them', () => {
  const log = logOf(60);
  const tape = filled(log, 10);
  const position = (seq: number) => ({ epoch: log.epoch, seq, mark: log.entries[seq - 1]?.mark ?? GENESIS });
  expect(tape.locate(position(50))).toBe(50);
  expect(tape.locate(position(49))).toBe('trimmed');
  expect(tape.positionAt(49)).toBeUndefined();
  expect(sent(tape, 50)).toHaveLength(10);
});

it('empties an entry when a newer revision of its item comes, so that no old text is sent', () => {
  const log = logOf(2);
  const tape = filled(log);
  tape.append([log.publish(itemOf(1, { revision: 2, headline: 'Corrected' }))]);
  expect(sent(tape, 0).map((message) => message.type === 'item' && message.item.headline)).toEqual([
    'Headline 2',
    'Corrected',
  ]);
  tape.append([log.kill(idOf(1), 3)]);
  expect(JSON.stringify(sent(tape, 0))).not.toMatch(/Headline 1|Corrected/);
});

it('encodes an entry once for each dialect, however many ask', () => {
  const tape = filled(logOf(5));
  const dialect = counting();
  for (let reader = 0; reader < 50; reader++) tape.bytesAfter(reader % 5, undefined, dialect, 1e6);
  expect(dialect.encoded).toBe(5);
});

it('gives a view its own items; kills, holds and what stopped matching reach it as well', () => {
  const log = new ScriptedLog();
  const floods = [{ slug: 'floods', name: 'Floods' }];
  log.publish(itemOf(1, { tags: floods }));
  log.publish(itemOf(2));
  const tape = filled(log);
  const view = { tag: 'floods' };
  expect(sent(tape, 0, view).map((message) => message.type === 'item' && message.item.id)).toEqual([idOf(1)]);
  tape.append([log.publish(itemOf(1, { revision: 2 })), log.hold(idOf(2), 2), log.kill(idOf(2), 3)]);
  expect(sent(tape, 2, view)).toMatchObject([
    { type: 'hold', id: idOf(1), revision: 2 },
    { type: 'kill', id: idOf(2), revision: 3 },
  ]);
});

it('starts anew behind a bulk, and resets who stood before it', () => {
  const log = logOf(3);
  const tape = filled(log);
  const before = log.head;
  tape.append([log.publish(itemOf(4), true), log.publish(itemOf(5), true), log.publish(itemOf(6))]);
  expect(tape.locate(before)).toBe('bulk');
  expect(tape.resetMessage()).toMatchObject({ type: 'reset', reason: 'bulk' });
  expect(sent(tape, 5)).toHaveLength(1);
});

it('cuts what it sends in pieces of about the size asked for', () => {
  const tape = filled(logOf(20));
  let cursor = 0;
  let pieces = 0;
  while (cursor < 20) {
    ({ cursor } = tape.bytesAfter(cursor, undefined, counting(), 1_000));
    pieces++;
  }
  expect(pieces).toBeGreaterThan(3);
});
