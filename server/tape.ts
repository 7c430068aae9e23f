import { GENESIS, type Position, sameMark } from '../shared/position.ts';
import type { Message, ResetReason } from '../shared/wire.ts';
import type { Entry, Shown, View } from './engine.ts';
import { matches } from './view.ts';

/** How a kind of connection writes a message. One object for each kind: the bytes are shared by it. */
export interface Dialect {
  encode(message: Message): Buffer;
  /** What the other end must answer, where the protocol has such a thing. */
  readonly probe?: Buffer;
  /** An idle reader hears nothing: the first word would end the answer that it waits for. */
  readonly quiet?: true;
}

interface Mark {
  seq: number;
  mark: string;
}

/** A place on the tape, with its position as text once somebody has asked for it. */
interface Place extends Mark {
  position?: string;
}

/**
 * The newest entries of an edition, in memory, each encoded at most once for each dialect. Only `Follow` puts entries
 * on it, after it has checked their chain.
 */
export class Tape {
  readonly edition: string;
  readonly #length: number;
  readonly #format: (position: Position) => string;
  #epoch = '';
  /** What stands before the oldest entry held. A reader from there on can be brought up to date. */
  #base: Place = { seq: 0, mark: GENESIS };
  #entries: TapeEntry[] = [];
  readonly #newest = new Map<string, TapeEntry>();
  #restarted: ResetReason = 'trimmed';

  /**
   * @param length as many entries as the log keeps
   * @param format how a position is written for readers
   */
  constructor(edition: string, length: number, format: (position: Position) => string) {
    this.edition = edition;
    this.#length = length;
    this.#format = format;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get head(): Position {
    const { seq, mark } = this.#entries.at(-1) ?? this.#base;
    return { epoch: this.#epoch, seq, mark };
  }

  get headPosition(): string {
    return this.#written(this.#entries.at(-1) ?? this.#base);
  }

  /** The number of the head, without an object: the pump asks once for each reader. */
  get last(): number {
    return this.#base.seq + this.#entries.length;
  }

  /** Whether a reader at the cursor can go on from there. */
  holds(cursor: number): boolean {
    return cursor >= this.#base.seq && cursor <= this.last;
  }

  /** Entries that continue the head. At a bulk the tape starts anew behind it: readers get one reset in place of it. */
  append(entries: readonly Entry[]): void {
    const bulk = entries.findLastIndex((entry) => entry.bulk);
    if (bulk >= 0) this.#start(entries[bulk] ?? this.#base, 'bulk');
    for (const entry of entries.slice(bulk + 1)) this.#push(entry);
    if (this.#entries.length > this.#length + this.#length / 8) this.#trim();
  }

  /** Forgets everything: the log is another one now, or could not be continued. */
  restart(epoch: string, base: Mark, entries: readonly Entry[]): void {
    this.#epoch = epoch;
    this.#start(base, 'trimmed');
    this.append(entries);
  }

  /** The number of the entry that a position stands at, or why a reader who stands there must be reset. */
  locate(position: Position | undefined): number | ResetReason {
    if (!position || position.epoch !== this.#epoch) return 'epoch';
    if (position.seq > this.head.seq) return 'ahead';
    if (position.seq < this.#base.seq) return this.#restarted;
    const mark = position.seq === this.#base.seq ? this.#base.mark : this.#at(position.seq)?.mark;
    return mark !== undefined && sameMark(mark, position.mark) ? position.seq : 'mark';
  }

  /** Undefined when the cursor fell off the tape. */
  positionAt(cursor: number): string | undefined {
    if (!this.holds(cursor)) return undefined;
    const place = cursor === this.#base.seq ? this.#base : this.#at(cursor);
    return place && this.#written(place);
  }

  /** @param reason absent: why the tape begins where it does */
  resetMessage(reason: ResetReason = this.#restarted): Message {
    return { type: 'reset', position: this.headPosition, reason };
  }

  /**
   * What a reader behind `cursor` is still to be sent, in one piece of at most about `limit` bytes, and where that
   * leaves it. The cursor must not have fallen off the tape.
   */
  bytesAfter(
    cursor: number,
    view: View | undefined,
    dialect: Dialect,
    limit: number,
  ): { bytes: Buffer; cursor: number } {
    const parts: Buffer[] = [];
    let size = 0;
    let at = cursor;
    for (; at < this.last && size < limit; at++) {
      const bytes = this.#at(at + 1)?.bytes(this.#written, view, dialect);
      if (!bytes) continue;
      parts.push(bytes);
      size += bytes.length;
    }
    return { bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size), cursor: at };
  }

  /** Once for each place, however many readers stand there. */
  readonly #written = (place: Place): string => {
    const { seq, mark } = place;
    place.position ??= this.#format({ epoch: this.#epoch, seq, mark });
    return place.position;
  };

  /** What the entry of that number is about; undefined when it is not here, or says nothing any more. */
  bringsAt(seq: number): { id: string; revision: number } | undefined {
    return this.#at(seq)?.brings;
  }

  /** What the item of the entry of that number is since then; undefined when it is not here, or a newer one tells. */
  shownAt(seq: number): { id: string; shown: Shown } | undefined {
    const { id, shown } = this.#at(seq) ?? {};
    return id !== undefined && shown ? { id, shown } : undefined;
  }

  /** Whether the entry of that number has a word for readers of the view. */
  carries(seq: number, view: View | undefined, dialect: Dialect): boolean {
    return this.#at(seq)?.bytes(this.#written, view, dialect) !== undefined;
  }

  #at(seq: number): TapeEntry | undefined {
    return this.#entries[seq - this.#base.seq - 1];
  }

  #push(entry: Entry): void {
    const held = new TapeEntry(entry);
    this.#newest.get(entry.id)?.supersede();
    this.#newest.set(entry.id, held);
    this.#entries.push(held);
  }

  #start({ seq, mark }: Mark, reason: ResetReason): void {
    this.#base = { seq, mark };
    this.#entries = [];
    this.#newest.clear();
    this.#restarted = reason;
  }

  /** Cut in larger pieces, since each cut copies the array. */
  #trim(): void {
    const cut = this.#entries.splice(0, this.#entries.length - this.#length);
    for (const entry of cut) if (this.#newest.get(entry.id) === entry) this.#newest.delete(entry.id);
    this.#base = cut.at(-1) ?? this.#base;
    this.#restarted = 'trimmed';
  }
}

class TapeEntry implements Place {
  readonly seq: number;
  readonly mark: string;
  position?: string;
  readonly id: string;
  readonly #revision: number;
  #shown: Shown | undefined;
  /** By dialect, and within it for readers who may see the item and for those who only hear that it is gone. */
  #encoded = new Map<Dialect, { shown?: Buffer; gone?: Buffer }>();

  constructor({ seq, mark, id, revision, shown }: Entry) {
    this.seq = seq;
    this.mark = mark;
    this.id = id;
    this.#revision = revision;
    this.#shown = shown;
  }

  get brings(): { id: string; revision: number } | undefined {
    return this.#shown && { id: this.id, revision: this.#revision };
  }

  get shown(): Shown | undefined {
    return this.#shown;
  }

  /** A newer revision is on the tape: this one's text must not be sent any more. */
  supersede(): void {
    this.#shown = undefined;
    this.#encoded.clear();
  }

  bytes(written: (place: Place) => string, view: View | undefined, dialect: Dialect): Buffer | undefined {
    const shown = this.#shown;
    if (!shown) return undefined;
    const gone = shown.state === 'published' && !matches(view, shown.item);
    // It may have matched at an earlier revision, so the view must drop it; a first revision was never there.
    if (gone && this.#revision === 1) return undefined;
    const encoded = this.#encoded.get(dialect) ?? {};
    this.#encoded.set(dialect, encoded);
    const position = written(this);
    if (gone) {
      encoded.gone ??= dialect.encode({ type: 'hold', position, id: this.id, revision: this.#revision });
      return encoded.gone;
    }
    encoded.shown ??= dialect.encode(this.#message(shown, position));
    return encoded.shown;
  }

  #message(shown: Shown, position: string): Message {
    if (shown.state === 'published') return { type: 'item', position, item: shown.item };
    if (shown.state === 'killed') return { type: 'kill', position, ...shown.tombstone };
    return { type: 'hold', position, id: this.id, revision: this.#revision };
  }
}
