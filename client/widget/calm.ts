import type { Entry } from '../../shared/row.ts';
import { asOf, isKilled, listed, type Rows } from '../../shared/rows.ts';

/** What is on screen, and what waits. */
export interface Shown {
  entries: readonly Entry[];
  /** How many headlines have come that are not among them. */
  waiting: number;
  /** The time that the days are told by: a day that begins meanwhile is an addition too. */
  now: number;
  /** Everything that is listed is shown, in its place. */
  settled: boolean;
}

/**
 * Decides what is shown while a reader reads. What is new waits, and nothing takes or leaves a place; each row that is
 * shown is still what it is now: corrected, killed, or a gap where it was taken out of view.
 */
export class Calm {
  #shown: Entry[] | undefined;
  #now = 0;

  /** @param free nobody is in the middle of reading */
  show(rows: Rows, count: number, now: number, free: boolean): Shown {
    const list = listed(rows, count, now);
    if (free || !this.#shown) {
      this.#shown = list;
      this.#now = now;
      return { entries: list, waiting: 0, now, settled: true };
    }
    const ids = new Set(this.#shown.map(({ id }) => id));
    this.#shown = this.#shown.map(({ id, publishedAt }) => {
      const entry = rows.entries.get(id);
      return entry ? asOf(entry, now) : { id, publishedAt };
    });
    const oldest = this.#shown.reduce((least, { publishedAt }) => (publishedAt < least ? publishedAt : least), '9');
    const fresh = [...rows.entries.values()].filter(
      (entry) => !isKilled(entry) && !ids.has(entry.id) && (ids.size === 0 || entry.publishedAt > oldest),
    );
    const settled = list.length === this.#shown.length && list.every(({ id }, at) => id === this.#shown?.[at]?.id);
    return { entries: this.#shown, waiting: fresh.length, now: this.#now, settled };
  }

  /** What is shown next is of something else. */
  forget(): void {
    this.#shown = undefined;
  }
}
