import type { View } from './engine.ts';
import type { Pieces } from './piece.ts';
import type { Sent } from './sent.ts';
import type { Site, Sites } from './sites.ts';
import type { Dialect, Tape } from './tape.ts';

/** A reader's connection, as the pump and the wheel see it. */
export interface Outlet {
  readonly dialect: Dialect;
  /** False when the connection takes no more bytes until it says so with `Fanout.resume`. Closed: does nothing, false. */
  write(bytes: Buffer): boolean;
  /** Lets what was written arrive, as far as the other end goes along. */
  end(): void;
  /** Ends the connection now, whatever is still to be sent. */
  cut(): void;
}

/** A reader is a cursor on the tape, and nothing that grows. */
export interface Reader {
  readonly outlet: Outlet;
  readonly view: View | undefined;
  readonly viewKey: string;
  /** Which turns of the wheel look after it. */
  readonly slot: number;
  /** Its place among its edition's readers. */
  place: number;
  epoch: string;
  cursor: number;
  /** Its connection is full; it keeps its cursor. */
  full: boolean;
  /** Turns of the wheel: when it was last written to, when it was last known to be there, when it has to go. */
  wroteAt: number;
  heardAt: number;
  leavesAt: number;
  /** It was told to go. */
  leaving: boolean;
  /** Shared by all who are on it. */
  readonly site: Site;
}

/** The readers of one edition, before its tape. */
export interface Hall {
  readonly tape: Tape;
  readonly pieces: Pieces;
  readonly readers: Reader[];
  /** Where the pump's walk goes on, and how many readers it still has to see. */
  next: number;
  left: number;
  /** There is something that the walk may have passed. */
  behind: boolean;
  readonly sites: Sites;
  readonly sent: Sent;
}
