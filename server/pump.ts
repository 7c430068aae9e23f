import type { Clock } from './clock.ts';
import type { Hall, Reader } from './reader.ts';

const SLICE_MS = 2;
/** How many readers are served between two looks at the clock. */
const STRIDE = 32;
/** The longest rest after a pass. */
const MOST_REST_MS = 20;

/**
 * Walks past the readers of every hall whose tape has moved, in slices that leave the event loop free. After a pass it
 * rests for a third as long as it worked: what comes meanwhile costs each reader no write of its own, and the process
 * keeps time for all else when headlines come faster than it can write them one by one.
 */
export class Pump {
  readonly #halls: Iterable<Hall>;
  readonly #clock: Clock;
  readonly #feed: (reader: Reader, hall: Hall) => void;
  #busy = false;
  #worked = 0;
  #restsUntil = 0;

  /** @param feed brings one reader to the head */
  constructor(halls: Iterable<Hall>, clock: Clock, feed: (reader: Reader, hall: Hall) => void) {
    this.#halls = halls;
    this.#clock = clock;
    this.#feed = feed;
  }

  /** There is something to be sent in the hall. Readers whom the pass has seen already are seen again by the next one. */
  wake(hall: Hall): void {
    hall.behind = hall.readers.length > 0;
    if (hall.behind && !this.#busy) this.#next();
  }

  #next(): void {
    this.#busy = true;
    const rest = this.#restsUntil - this.#clock.elapsed();
    if (rest >= 1) this.#clock.after(rest, () => this.#pass());
    else setImmediate(() => this.#pass());
  }

  #pass(): void {
    for (const hall of this.#halls) {
      if (hall.behind) hall.left = hall.readers.length;
      hall.behind = false;
    }
    this.#worked = 0;
    this.#slice();
  }

  #slice(): void {
    const start = this.#clock.elapsed();
    let left = false;
    for (const hall of this.#halls) {
      while (hall.left > 0 && this.#clock.elapsed() < start + SLICE_MS) this.#walk(hall);
      left ||= hall.left > 0;
    }
    const now = this.#clock.elapsed();
    this.#worked += now - start;
    if (left) setImmediate(() => this.#slice());
    else this.#rest(now);
  }

  #rest(now: number): void {
    this.#busy = false;
    this.#restsUntil = now + Math.min(this.#worked / 3, MOST_REST_MS);
    for (const hall of this.#halls) if (hall.behind && !this.#busy) this.#next();
  }

  #walk(hall: Hall): void {
    for (let step = 0; step < STRIDE && hall.left > 0; step++, hall.left--) {
      if (hall.next >= hall.readers.length) hall.next = 0;
      const reader = hall.readers[hall.next++];
      if (reader) this.#feed(reader, hall);
    }
    if (hall.left === 0) hall.sent.reckon();
  }
}
