import type { Clock } from './clock.ts';
import { Problem } from './errors.ts';

export interface AdmissionOptions {
  clock: Clock;
  /** How many readers there are now. */
  count: () => number;
  maxReaders: number;
  acceptsPerSecond: number;
}

/** Who may come in: so many readers at once, and so many new ones a second; snapshots go on for everybody else. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Accepts that may still be made at once: a bucket that fills as time goes on. */
  #free: number;
  #filledAt: number;
  #closed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#free = options.acceptsPerSecond;
    this.#filledAt = options.clock.now();
  }

  get open(): boolean {
    return !this.#closed;
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true;
  }

  /** @throws Problem `busy`, with the time after which to come again */
  admit(): void {
    const { clock, count, maxReaders, acceptsPerSecond } = this.#options;
    if (this.#closed) throw busy('This node is shutting down; another one is there.', 1);
    if (count() >= maxReaders) throw busy(`All ${maxReaders} places for readers are taken. Poll the snapshot.`, 30);
    const now = clock.now();
    const filled = this.#free + (Math.max(0, now - this.#filledAt) / 1000) * acceptsPerSecond;
    this.#filledAt = now;
    this.#free = Math.min(acceptsPerSecond, filled);
    if (this.#free < 1) throw busy(`More than ${acceptsPerSecond} readers came in this second.`, 5);
    this.#free -= 1;
  }
}

/** At random, so that those sent away together do not come back together. */
function busy(detail: string, withinS: number): Problem {
  return new Problem('busy', detail, { retryAfter: 1 + Math.floor(Math.random() * withinS) });
}
