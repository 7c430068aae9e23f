import { createHash } from 'node:crypto';
import Result from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import type { Clock } from '../clock.ts';
import { nameKey } from '../desk/names.ts';
import { Problem } from '../errors.ts';
import type { Records } from '../records.ts';
import { addressBlock } from './address.ts';
import { type Limit, Limiter } from './limiter.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export interface AttemptLimits {
  /** Wrong passwords for one name, whoever tries them. One more locks the name. */
  name: Limit;
  /** Wrong passwords from one address, for whatever names. */
  address: Limit;
  /** Wrong passwords from everywhere for all names: many addresses that try one password each. */
  all: Limit;
  /** Ceremonies that one address begins without being signed in. */
  asked: Limit;
  /** How long a name is locked the first time (in seconds); twice as long each further time, up to the most. */
  lock: { first: number; most: number; remembered: number };
}

const LIMITS: AttemptLimits = {
  name: { points: 5, seconds: 15 * MINUTE },
  address: { points: 20, seconds: 15 * MINUTE },
  all: { points: 200, seconds: HOUR },
  asked: { points: 300, seconds: 15 * MINUTE },
  lock: { first: 15 * MINUTE, most: 4 * HOUR, remembered: 24 * HOUR },
};

const ALL = 'all';

/** One try of a password. It counts as wrong until one of these is said. */
export interface Attempt {
  /** It was right: the name's own count is over. */
  right(): Promise<void>;
  /** It was never looked at. */
  void(): Promise<void>;
}

/**
 * How often passwords may be tried, counted over all nodes before they are looked at, so that trying many at once gains
 * nothing. Passkeys are not counted: there is nothing to guess, and they are the way in for who is locked out.
 */
export class Attempts {
  readonly #name: Limiter;
  readonly #address: Limiter;
  readonly #all: Limiter;
  readonly #asked: Limiter;
  readonly #locks: Limiter;
  readonly #lock: AttemptLimits['lock'];
  readonly #clock: Clock;
  /** Until when the store need not be asked whether passwords are taken (`Clock.elapsed`). */
  #pausedUntil = 0;

  constructor(records: Records, clock: Clock, limits: AttemptLimits = LIMITS) {
    this.#clock = clock;
    this.#name = new Limiter(records, 'name', limits.name);
    this.#address = new Limiter(records, 'address', limits.address);
    this.#all = new Limiter(records, 'all', limits.all);
    this.#asked = new Limiter(records, 'asked', limits.asked);
    this.#lock = limits.lock;
    this.#locks = new Limiter(records, 'lock', { points: 1_000_000, seconds: limits.lock.remembered });
  }

  /**
   * Counts a password that is about to be tried.
   *
   * @param onLock is told when this attempt locked the name, or ended password sign-in for all names for a while
   * @throws Problem `too-many`
   */
  async begin(name: string, from: string, onLock: (what: 'name' | 'all') => Promise<void>): Promise<Attempt> {
    // The name may be anything that was typed, a password in the wrong field too: it is not kept.
    const [who, where] = [digest(nameKey(name)), digest(addressBlock(from))];
    await this.#unlessPaused();
    await counted(this.#address, where, (ms) => tooMany('from this address', ms));
    await counted(this.#name, who, async (ms, { consumedPoints }) => {
      if (consumedPoints !== this.#name.points + 1) return locked(ms);
      const lockMs = await this.#lockName(who);
      await onLock('name');
      return locked(lockMs);
    });
    const { remainingPoints } = await counted(this.#all, ALL, paused);
    if (remainingPoints === 0) await onLock('all');
    const back = () => Promise.all([this.#address.reward(where), this.#all.reward(ALL)]);
    return {
      right: async () => {
        await Promise.all([back(), this.#name.delete(who), this.#locks.delete(who)]);
      },
      void: async () => {
        await Promise.all([back(), this.#name.reward(who)]);
      },
    };
  }

  /** Counts a ceremony that a stranger begins, since each is kept for a while. @throws Problem `too-many` */
  async ask(from: string): Promise<void> {
    await counted(this.#asked, digest(addressBlock(from)), (ms) => tooMany('from this address', ms));
  }

  /** Before anything is counted: else the counts of a thousand addresses would fill the store. */
  async #unlessPaused(): Promise<void> {
    const now = this.#clock.elapsed();
    if (now >= this.#pausedUntil) {
      const all = await this.#all.get(ALL);
      if (!all || all.remainingPoints > 0) return;
      this.#pausedUntil = now + all.msBeforeNext;
    }
    throw paused(this.#pausedUntil - now);
  }

  /** Resolves with how long it is locked. */
  async #lockName(who: string): Promise<number> {
    const { consumedPoints } = await this.#locks.penalty(who);
    const seconds = Math.min(this.#lock.first * 2 ** (consumedPoints - 1), this.#lock.most);
    await this.#name.block(who, seconds);
    return seconds * 1000;
  }
}

/** Consumes a point, or throws what `refuse` makes of there being none. */
async function counted(
  limiter: Limiter,
  key: string,
  refuse: (leftMs: number, result: Result) => Problem | Promise<Problem>,
): Promise<Result> {
  try {
    return await limiter.consume(key);
  } catch (result) {
    // The library rejects with its result, which is no error, where there was no point left.
    if (!(result instanceof Result)) throw result;
    throw await refuse(result.msBeforeNext, result);
  }
}

function tooMany(where: string, leftMs: number): Problem {
  return refusal(`There were too many attempts ${where}.`, leftMs);
}

function locked(leftMs: number): Problem {
  return refusal('There were too many wrong attempts with this name. Passkeys still work.', leftMs);
}

function paused(leftMs: number): Problem {
  return refusal('Somebody tries many passwords here, so none is taken for a while. Passkeys still work.', leftMs);
}

function refusal(words: string, leftMs: number): Problem {
  const retryAfter = Math.max(1, Math.ceil(leftMs / 1000));
  return new Problem('too-many', `${words} Try again in ${wait(retryAfter)}.`, { retryAfter });
}

function wait(seconds: number): string {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
