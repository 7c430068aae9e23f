import type { Clock } from './clock.ts';
import type { View } from './engine.ts';
import type { Dialect, Tape } from './tape.ts';

/** Of so many entries of each edition it is known how many readers they went to. */
export const MOST_SENT = 50;

/** To how many readers' sockets an entry was written, and how long after its arrival on the tape the last of them. */
export interface SentEntry {
  id: string;
  revision: number;
  /** Epoch milliseconds: its arrival on this node's tape. */
  at: number;
  readers: number;
  ms: number;
}

interface Due extends SentEntry {
  readonly epoch: string;
  readonly seq: number;
}

/** How often one piece was written since that was last reckoned up, and what is in it. */
export interface Tally {
  times: number;
  readonly entries: readonly Due[];
}

/**
 * Reckons whom the newest entries of an edition were written to. Readers at one cursor share a piece, so the pump counts
 * on the piece, and the sum is made when a walk is over: a delivery costs one addition, and a reader nothing.
 */
export class Sent {
  readonly #tape: Tape;
  readonly #clock: Clock;
  /** What has arrived so far. */
  #epoch = '';
  #last = 0;
  #newest: Due[] = [];
  #open: Tally[] = [];

  constructor(tape: Tape, clock: Clock) {
    this.#tape = tape;
    this.#clock = clock;
  }

  /** The tape has changed: what is new on it is due to everybody who reads now. Pieces made before are used no more. */
  arrived(): void {
    this.reckon();
    this.#open = [];
    const { epoch, last } = this.#tape;
    // A tape that was filled anew is history: readers are reset past it.
    const from = epoch === this.#epoch ? Math.max(this.#last, last - MOST_SENT) : last;
    const at = this.#clock.now();
    for (let seq = from + 1; seq <= last; seq++) {
      const brings = this.#tape.bringsAt(seq);
      if (brings) this.#newest.push({ epoch, seq, ...brings, at, readers: 0, ms: 0 });
    }
    this.#newest = this.#newest.slice(-MOST_SENT);
    this.#epoch = epoch;
    this.#last = last;
  }

  /** For a piece that leads readers of the view from one cursor to another. */
  tally(from: number, to: number, view: View | undefined, dialect: Dialect): Tally {
    const { epoch } = this.#tape;
    const entries = this.#newest.filter(
      (due) => due.epoch === epoch && due.seq > from && due.seq <= to && this.#tape.carries(due.seq, view, dialect),
    );
    const tally = { times: 0, entries };
    if (entries.length > 0) this.#open.push(tally);
    return tally;
  }

  /** A walk is over, or a connection that was full has been served: what was written by now counts. */
  reckon(): void {
    const now = this.#clock.now();
    for (const tally of this.#open) {
      if (tally.times === 0) continue;
      for (const due of tally.entries) {
        due.readers += tally.times;
        due.ms = Math.max(due.ms, now - due.at);
      }
      tally.times = 0;
    }
  }

  /** The newest first. */
  list(): SentEntry[] {
    return this.#newest.map(({ id, revision, at, readers, ms }) => ({ id, revision, at, readers, ms })).reverse();
  }
}
