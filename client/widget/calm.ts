import { type Entry, isItem } from '../../shared/row.ts';
import { asOf, listed, type Rows } from '../../shared/rows.ts';

/** What is on screen, and what waits. */
interface Shown {
  entries: readonly Entry[];
  /** How many headlines have come that are not among them. */
  waiting: number;
  /** The time that the days are told by: a day that begins meanwhile is an addition too. */
  now: number;
}

/** @param free nobody is in the middle of reading */
export type Calm = (rows: Rows, count: number, now: number, free: boolean) => Shown;

/**
 * Decides what is shown while a reader reads. What is new waits, and nothing takes or leaves a place; each row that is
 * shown is still what it is now: corrected, killed, or a gap where it was taken out of view.
 */
export function keepCalm(): Calm {
  let shown: Entry[] | undefined;
  let seen: Rows;
  let seenAt: number;

  return (rows, count, now, free) => {
    if (free || !shown) {
      shown = listed(rows, count, now);
      seen = rows;
      seenAt = now;
    }
    shown = shown.map(({ id, publishedAt }) => {
      const entry = rows.entries.get(id);
      return entry ? asOf(entry, now) : { id, publishedAt };
    });
    // What only filled up from below is not new.
    const oldest = shown.at(-1)?.publishedAt ?? '';
    const fresh = [...rows.entries.values()].filter(
      (entry) => isItem(entry) && !seen.entries.has(entry.id) && entry.publishedAt > oldest,
    );
    return { entries: shown, waiting: fresh.length, now: seenAt };
  };
}
