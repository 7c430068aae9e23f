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
  /** When the last ones came in, as many as may in a second; the oldest of them is next. */
  readonly #times: Float64Array;
  #next = 0;
  #closed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#times = new Float64Array(options.acceptsPerSecond).fill(-Infinity);
  }

  get open(): boolean {
    return !this.#closed;
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true;
  }

  /**
   * @param isNew whether it counts among those who come in this second
   * @throws Problem `busy`, with the time after which to come again
   */
  admit(isNew = true): void {
    const { clock, count, maxReaders, acceptsPerSecond } = this.#options;
    if (this.#closed) throw busy('This node is shutting down; another one is there.', 1);
    if (count() >= maxReaders) throw busy(`All ${maxReaders} places for readers are taken. Poll the snapshot.`, 30);
    if (!isNew) return;
    const now = clock.elapsed();
    if (now - (this.#times[this.#next] ?? 0) < 1000)
      throw busy(`More than ${acceptsPerSecond} readers came in this second.`, 5);
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % acceptsPerSecond;
  }
}

/** At random, so that those sent away together do not come back together. */
function busy(detail: string, withinS: number): Problem {
  return new Problem('busy', detail, { retryAfter: 1 + Math.floor(Math.random() * withinS) });
}
