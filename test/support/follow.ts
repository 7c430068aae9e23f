import { vi } from 'vitest';
import type { Engine } from '../../server/engine.ts';
import { Follow } from '../../server/follow.ts';
import { createLog } from '../../server/log.ts';
import { Seal } from '../../server/seal.ts';
import { Tape } from '../../server/tape.ts';
import { type Position, parsePosition, type Remembered } from '../../shared/position.ts';
import { ManualClock } from './clock.ts';
import { itemOf, ScriptedLog } from './log.ts';

/** What the store of these tests seals positions with. */
export const SEAL = new Seal('secret of the store');

/** An engine of which only the log is there, told by the script; announcements come when the test says so. */
function scripted(log: ScriptedLog) {
  const listeners = new Set<() => void>();
  const events: string[] = [];
  const script = {
    events,
    failing: false,
    /** Runs before each read, as another process might. */
    meanwhile: (): void => {},
    /** Runs before each rotation. */
    beforeRotation: (): void => {},
    /** How many entries a read is short of, as on a replica. */
    lag: 0,
    announce: () => {
      for (const listener of listeners) listener();
    },
  };
  const seenBy = (lag: number): ScriptedLog =>
    Object.assign(new ScriptedLog(log.epoch), { entries: log.entries.slice(0, log.entries.length - lag) });
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
      const cut = seenBy(script.lag).read(after, Math.min(limit, 3));
      await Promise.resolve();
      return cut;
    },
    async rotate(_edition, seen) {
      script.beforeRotation();
      events.push('rotate');
      if (seen.epoch === log.epoch && seen.seq === log.head.seq) log.epoch = `${log.epoch}r`;
      return log.epoch;
    },
  };
  return Object.assign(script, { engine: engine as Engine });
}

/** Several may follow one log, as nodes do. */
export async function following(log: ScriptedLog) {
  const script = scripted(log);
  const tape = new Tape('en', 100, SEAL.format);
  const clock = new ManualClock();
  const onMove = vi.fn();
  const follow = new Follow({ engine: script.engine, tape, seal: SEAL, clock, log: createLog('silent'), onMove });
  await follow.start();
  return { script, tape, clock, follow, onMove, log };
}

/** A position as a reader has it who was given it. */
export function remembered(position: Position): Remembered {
  const parsed = parsePosition(SEAL.format(position));
  if (!parsed) throw new Error(`not a position: ${JSON.stringify(position)}`);
  return parsed;
}

export function logOf(count: number): ScriptedLog {
  const log = new ScriptedLog();
  for (let number = 1; number <= count; number++) log.publish(itemOf(number));
  return log;
}
