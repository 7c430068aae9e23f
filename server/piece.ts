import type { Reader } from './reader.ts';
import type { Tally } from './sent.ts';
import type { Dialect, Tape } from './tape.ts';

/** One write to one reader; what is left follows when the connection has drained. */
const WRITE_LIMIT = 256 * 1024;
/** Pieces kept for readers still to come: a herd that comes back stands at many cursors, each worth up to a write. */
const MOST_PIECES = 64;

/** What the readers at one cursor are sent, and where that leaves them. */
export interface Piece {
  readonly dialect: Dialect;
  readonly viewKey: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
  /** From the first time that it is sent. */
  tally: Tally | undefined;
}

/** The pieces of a tape, shared until it moves: mostly a reader is sent the very piece that the one before got. */
export class Pieces {
  readonly #tape: Tape;
  readonly #held = new Map<Dialect, Map<string, Piece>>();
  #last: Piece | undefined;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** Old pieces may hold words that the tape has dropped since. */
  forget(): void {
    this.#held.clear();
    this.#last = undefined;
  }

  for({ cursor, view, viewKey, outlet: { dialect } }: Reader): Piece {
    const last = this.#last;
    if (last && last.from === cursor && last.viewKey === viewKey && last.dialect === dialect) return last;
    const held = this.#held.getOrInsertComputed(dialect, () => new Map<string, Piece>());
    if (held.size >= MOST_PIECES) held.clear();
    this.#last = held.getOrInsertComputed(`${cursor} ${viewKey}`, () => {
      const { bytes, cursor: to } = this.#tape.bytesAfter(cursor, view, dialect, WRITE_LIMIT);
      return { dialect, viewKey, from: cursor, to, bytes, tally: undefined };
    });
    return this.#last;
  }
}
