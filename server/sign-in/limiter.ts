import Result from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import StoreLimiter from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js';
import type { Records } from '../records.ts';

const KIND = 'attempts';
/** Not at once: what was counted may yet turn out to have been right, and is given back. */
const TIRELESS = 3;

/** What a counter holds, and how long it still does. */
interface Counted {
  count: number;
  leftMs: number;
}

export interface Limit {
  /** So many in a window of `seconds`, which opens with the first. */
  points: number;
  seconds: number;
}

/** The library's limiter on our records, as it asks for: these four methods. All nodes on the store count together. */
export class Limiter extends StoreLimiter {
  readonly #records: Records;

  constructor(records: Records, keyPrefix: string, { points, seconds }: Limit) {
    // Whoever goes on and on is refused by the node itself, and costs the store nothing.
    const inMemoryBlockOnConsumed = points * TIRELESS;
    super({ storeClient: records, keyPrefix, points, duration: seconds, inMemoryBlockOnConsumed });
    this.#records = records;
  }

  async _upsert(key: string, points: number, ms: number, forceExpire: boolean): Promise<Counted> {
    if (!forceExpire) return this.#records.increment(KIND, key, points, ms);
    const stored = await this.#records.get(KIND, key);
    const done = await this.#records.put(KIND, key, points, stored?.version ?? 0, ms);
    return done ? { count: points, leftMs: ms } : this._upsert(key, points, ms, forceExpire);
  }

  /** How long it is still counted is asked only where it matters, since that is a write. */
  async _get(key: string): Promise<Counted | null> {
    const count = (await this.#records.get(KIND, key))?.value;
    if (typeof count !== 'number') return null;
    return count < this.points ? { count, leftMs: 0 } : this.#records.increment(KIND, key, 0, this.duration * 1000);
  }

  async _delete(key: string): Promise<boolean> {
    return (await this.#records.take(KIND, key)) !== undefined;
  }

  _getRateLimiterRes(_key: string, changed: number, { count, leftMs }: Counted): Result {
    return new Result(Math.max(this.points - count, 0), leftMs, count, count === changed);
  }
}
