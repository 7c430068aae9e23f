import { createHash } from 'node:crypto';
import type { AmendmentKind, Content, Item, Tombstone } from '../shared/item.ts';
import type { Position } from '../shared/position.ts';
import type { Records } from './records.ts';

/**
 * The store of the newsroom's items and the log of each edition. Every method may reject with an
 * `EngineUnavailable`; nothing else is thrown for what a caller or the store's state can cause.
 *
 * What holds for every engine is `test/contract/engine.ts`. In short: one commit is one atomic step, the log
 * names and the store tells, a position is proven by its mark, and time is the engine's own.
 */
export interface Engine {
  readonly name: 'embedded' | 'redis';
  readonly records: Records;

  /** One atomic step. Resolves only when the outcome is as durable as `durability()` says. */
  commit(change: Change): Promise<Outcome>;

  /**
   * What a known idempotency key stands for (a replay, or `reused` when the request is another one), or undefined.
   * For a caller that must refuse before it can build a change: a repeated request is answered all the same.
   */
  known(edition: string, key: IdempotencyKey): Promise<Outcome | undefined>;

  /**
   * Publishes many items in one atomic step; those whose id exists are refused with `exists` and the others go in.
   * Their entries carry `bulk`, so that readers get one reset in place of them.
   */
  commitBulk(changes: (Change & Publish)[]): Promise<Outcome[]>;

  /**
   * One consistent cut: the head, and the entries after `after` (the oldest ones kept, when absent), at most
   * `limit` of them, joined with what their items are now. A trimmed log skips silently: check `prev` of the first.
   */
  read(edition: string, after: number | undefined, limit: number): Promise<Cut>;

  /** The rows of an edition or of one of its views, in one cut with the position that they are true at. */
  rows(edition: string, query: RowsQuery): Promise<Rows>;

  /** An id does not name its edition. */
  find(id: string): Promise<Current | undefined>;

  /** An item with each of its revisions, in one cut. Of a killed item none is left. */
  revisions(id: string): Promise<Revisions | undefined>;

  /**
   * Starts a new epoch when the log still stands at `seen`, and announces it; else changes nothing. Resolves with
   * the epoch that is in force afterwards.
   */
  rotate(edition: string, seen: Position): Promise<string>;

  /**
   * Calls `listener` after each commit to the edition, by whatever process, in the order of their numbers. An
   * announcement may be lost or stand for several commits: it says "read", never "this is all". Resolves once the
   * subscription is acknowledged, so that whatever is committed later is announced or readable.
   */
  subscribe(edition: string, listener: (announced: Announcement) => void): Promise<() => void>;

  /** False while announcements do not arrive, as far as a probe can tell: what is committed is then found a little later. */
  hears(): boolean;

  /** Who did what to its items, newest first. `before`: only rows with a lower seq. */
  audit(edition: string, limit: number, before?: number): Promise<AuditRow[]>;

  /**
   * What an acknowledgement is worth: "sqlite-full", "aof-always", "aof-everysec", "none", "evicting" (the store drops
   * what it likes when it is full),
   * "lacks-replicas" (commits are answered as unavailable) or "unknown".
   */
  durability(): Promise<string>;

  close(): Promise<void>;
}

/** The store cannot be reached or did not answer. The outcome is unknown: retry with the same key. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
}

export interface Publish {
  action: 'publish';
  content: Content;
  /** Epoch milliseconds; only an import sets it. */
  publishedAt?: number;
}

/** `expects` is the revision the item must have. A hold and a kill expect none, since they must never be refused for it. */
export type Act =
  | Publish
  | { action: 'amend'; expects: number; content: Content; kind: AmendmentKind; notice?: string | undefined }
  | { action: 'hold' }
  | { action: 'release'; expects: number }
  | { action: 'kill'; notice: string }
  | { action: 'pin'; expects: number; until: number }
  /** `notBefore`: refused as `early` while the engine's clock is below it. */
  | { action: 'unpin'; expects: number; notBefore?: number };

export type Change = Act & {
  edition: string;
  /** For a publish the id of the new item, a UUIDv7. */
  id: string;
  key?: IdempotencyKey | undefined;
  audit: { actor: string; from: string };
};

export interface IdempotencyKey {
  /** The caller's key, already scoped to the caller. */
  name: string;
  /** What was asked for, in one canonical form. */
  request: string;
}

export type Outcome = Committed | Refused;

export interface Committed {
  done: true;
  /** The key was known: nothing happened now, this is what happened then, with what the item is today. */
  replayed: boolean;
  id: string;
  revision: number;
  position: Position;
  current: Current;
}

export interface Refused {
  done: false;
  /**
   * `conflict`: the item has another revision than expected. `exists`: a publish of an id that is taken.
   * `missing`: no such item in the edition. `killed`: the item is killed, which is for ever.
   * `reused`: the key stands for another request. `early`: before `notBefore`.
   */
  reason: 'conflict' | 'exists' | 'missing' | 'killed' | 'reused' | 'early';
  current?: Current | undefined;
}

/** What an item is now, for the newsroom's side. */
export type Current = { state: 'published' | 'withheld'; item: Item } | { state: 'killed'; tombstone: Tombstone };

export interface Revisions {
  current: Current;
  /** The oldest first. */
  revisions: Revision[];
}

/** What one commit made of an item. */
export interface Revision {
  revision: number;
  action: Act['action'];
  at: string;
  /** Absent where it left the words as they were. */
  content?: Content;
  kind?: AmendmentKind;
  notice?: string;
}

export function editionOf(current: Current): string {
  return current.state === 'killed' ? current.tombstone.edition : current.item.edition;
}

/** What an item is now, for readers: the text of a withheld item never comes near them. */
export type Shown =
  | { state: 'published'; item: Item }
  | { state: 'withheld' }
  | { state: 'killed'; tombstone: Tombstone };

export interface Entry {
  seq: number;
  /** The mark of the entry before. */
  prev: string;
  mark: string;
  id: string;
  revision: number;
  bulk: boolean;
  /** Undefined when a later entry has a newer revision of the same item. */
  shown: Shown | undefined;
}

export interface Cut {
  epoch: string;
  head: { seq: number; mark: string };
  entries: Entry[];
}

/** A known tag (by slug) or section of an edition. */
export type View = { tag: string } | { section: string };

export interface RowsQuery {
  /** How many unpinned items; tombstones among them and pinned items come besides. */
  limit: number;
  /** A view holds items only: a tombstone no longer has tags. */
  view?: View | undefined;
  /** Only what is older than this place, pinned items at their own time among the rest. */
  before?: { publishedAt: string; id: string } | undefined;
}

export interface Rows {
  position: Position;
  /** All pinned items, then the rest; each newest first by `publishedAt`, then by id. Withheld items are left out. */
  items: (Item | Tombstone)[];
  /** Whether the edition or view has older items below the last one. */
  more: boolean;
}

export interface Announcement {
  edition: string;
  seq: number;
}

export interface AuditRow {
  seq: number;
  at: string;
  actor: string;
  action: Act['action'];
  id: string;
  revision: number;
  from: string;
  /** Of an amendment. */
  kind?: AmendmentKind;
  /** The public notice of a kill, or of an amendment as long as its item is not killed. */
  notice?: string;
  /** What the revision's link of the chain was made of; '' when a version wrote the row that did not keep it. */
  digest: string;
}

/** The link of the chain: `digest` cannot be computed from the text without the revision's nonce, which a kill deletes. */
export function markAfter(prev: string, id: string, revision: number, digest: string): string {
  return createHash('sha1').update(`${prev}:${id}:${revision}:${digest}`).digest('hex');
}
