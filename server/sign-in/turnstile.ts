import { Problem } from '../errors.ts';

/** Lets a few pieces of costly work go on at once, and few wait: what strangers can ask for must have an end. */
export class Turnstile {
  readonly #atOnce: number;
  readonly #waiting: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waiting: number) {
    this.#atOnce = atOnce;
    this.#waiting = waiting;
  }

  /** @throws Problem `too-many` when as many wait as may */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#queue.length >= this.#waiting)
        throw new Problem('too-many', 'Too many sign in just now. Try again in a moment.', { retryAfter: 2 });
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over, so that nobody who comes meanwhile gets in between.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
