import type { Records } from '../../server/records.ts';

const WRITES = ['put', 'take', 'increment', 'change'] as const;

/** The process is gone: nothing that it would have done after is done. */
export class Died extends Error {
  override name = 'Died';
}

/**
 * Records of a process that dies before or after its write of that number (from 0). What was written by then is written,
 * and nobody hears of it.
 */
export function mortal(records: Records, at: number, when: 'before' | 'after'): Records {
  let [written, dead] = [0, false];
  const alive = () => {
    if (dead) throw new Died();
  };
  const die = () => {
    dead = true;
    throw new Died();
  };
  const wrapped: Record<string, unknown> = {};
  for (const name of ['get', 'list', 'acts', ...WRITES] as const)
    wrapped[name] = async (...args: never[]) => {
      alive();
      const work = records[name] as (...args: never[]) => Promise<unknown>;
      if (!WRITES.some((write) => write === name)) return work.apply(records, args);
      const number = written++;
      if (number === at && when === 'before') die();
      const result = await work.apply(records, args);
      alive();
      if (number === at) die();
      return result;
    };
  return wrapped as unknown as Records;
}
