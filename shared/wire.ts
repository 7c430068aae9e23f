import type { Item, Tombstone } from './item.ts';

/** What readers need to know of an edition. */
export interface EditionInfo {
  id: string;
  name: string;
  /** BCP 47 */
  language: string;
  direction: 'ltr' | 'rtl';
  /** IANA name; rows show their times in it */
  timeZone: string;
  zoneLabel: string;
  allUrl: string;
}

/** Newest first within each group: all pinned items, then the rows. */
export interface Snapshot {
  edition: EditionInfo;
  position: string;
  /** Whether older rows exist below the last one. */
  more: boolean;
  items: (Item | Tombstone)[];
}

/** The messages of WebSocket and SSE. A client ignores types and fields that it does not know. */
export type Message =
  | { type: 'hello'; edition: string; position: string; heartbeatMs: number; snapshot?: Snapshot }
  | { type: 'item'; position: string; item: Item }
  | ({ type: 'kill'; position: string } & Tombstone)
  | { type: 'hold'; position: string; id: string; revision: number }
  | { type: 'beat'; position: string; at: string }
  /** The reader cannot be brought up to date: load `snapshot?min=<position>`. */
  | { type: 'reset'; position: string; reason: ResetReason }
  | { type: 'goaway'; afterMs: number };

export type ResetReason = 'epoch' | 'mark' | 'trimmed' | 'ahead' | 'bulk';

/** The answer to a long poll. */
export interface Polled {
  position: string;
  /** The server's time. */
  at: string;
  messages: Message[];
}
