import type { Position } from '../shared/position.ts';
import type { Message, ResetReason } from '../shared/wire.ts';
import type { Clock } from './clock.ts';
import type { View } from './engine.ts';
import { type Hall, nothingShared, type Outlet, type Piece, type Reader } from './reader.ts';
import type { Tape } from './tape.ts';
import { viewKey } from './view.ts';
import { Wheel } from './wheel.ts';

const SLICE_MS = 5;
/** How many readers are served between two looks at the clock. */
const STRIDE = 32;
/** One write to one reader; what is left follows when the connection has drained. */
const WRITE_LIMIT = 256 * 1024;
/** Pieces kept for readers still to come: a herd that comes back stands at many cursors, each worth up to a write. */
const MOST_PIECES = 64;

/**
 * The door out: brings every reader from its cursor to the head of its edition's tape, in slices that leave the event
 * loop free, with bytes that all readers at one cursor share.
 */
export class Fanout {
  readonly #halls = new Map<string, Hall>();
  readonly #wheel: Wheel;
  readonly heartbeatMs: number;
  #pumping = false;

  constructor({ tapes, clock, heartbeatMs, lifetimeMs }: FanoutOptions) {
    for (const tape of tapes)
      this.#halls.set(tape.edition, { tape, readers: [], next: 0, left: 0, shared: nothingShared() });
    this.#wheel = new Wheel({ halls: [...this.#halls.values()], clock, heartbeatMs, lifetimeMs });
    this.heartbeatMs = heartbeatMs;
  }

  /**
   * Takes a reader in who stands at `position` of the edition, says `hello` (when there is one), and brings it to the head. A
   * position that cannot be continued is answered with one `reset`.
   */
  join(edition: string, outlet: Outlet, { position, view, hello }: Joining): Reader {
    const hall = this.#hall(edition);
    const at = hall.tape.locate(position);
    const reader: Reader = {
      outlet,
      view,
      viewKey: viewKey(view),
      ...this.#wheel.seat(),
      place: hall.readers.length,
      epoch: hall.tape.epoch,
      cursor: typeof at === 'number' ? at : hall.tape.head.seq,
      full: false,
    };
    hall.readers.push(reader);
    if (hello) this.#write(reader, outlet.dialect.encode(hello));
    if (typeof at !== 'number') this.#reset(reader, hall.tape, at);
    this.#feed(reader, hall);
    return reader;
  }

  leave(edition: string, reader: Reader): void {
    const { readers } = this.#hall(edition);
    const last = readers.pop();
    if (!last) throw new Error('a reader left who was not there');
    if (last === reader) return;
    readers[reader.place] = last;
    last.place = reader.place;
    // The last reader moved to a place that the walk may have passed.
    this.moved(edition);
  }

  /** The connection of a reader has room again. */
  resume(edition: string, reader: Reader): void {
    reader.full = false;
    this.heard(reader);
    this.#feed(reader, this.#hall(edition));
  }

  /** The tape of the edition has changed. */
  moved(edition: string): void {
    const hall = this.#hall(edition);
    // Old pieces may hold words that the tape has dropped since.
    hall.shared = nothingShared();
    hall.left = hall.readers.length;
    if (this.#pumping || hall.left === 0) return;
    this.#pumping = true;
    setImmediate(() => this.#pump());
  }

  /** The other end of a reader's connection has answered. */
  heard(reader: Reader): void {
    reader.heardAt = this.#wheel.turn;
  }

  /** Where a reader stands; undefined when it fell off the tape. */
  positionOf(edition: string, { epoch, cursor }: Reader): string | undefined {
    const { tape } = this.#hall(edition);
    return epoch === tape.epoch ? tape.positionAt(cursor) : undefined;
  }

  /** How many read now, of one edition or of all. */
  count(edition?: string): number {
    const halls = edition === undefined ? [...this.#halls.values()] : [this.#hall(edition)];
    return halls.reduce((sum, { readers }) => sum + readers.length, 0);
  }

  /** Asks every reader to go elsewhere, spread over `ms`; resolves when that time and a grace are over. */
  drain(ms: number): Promise<void> {
    return this.#wheel.drain(ms);
  }

  close(): void {
    this.#wheel.stop();
    for (const { readers } of this.#halls.values()) for (const reader of [...readers]) reader.outlet.close();
  }

  #pump(): void {
    const end = performance.now() + SLICE_MS;
    let left = false;
    for (const hall of this.#halls.values()) {
      while (hall.left > 0 && performance.now() < end) this.#walk(hall);
      left ||= hall.left > 0;
    }
    this.#pumping = left;
    if (left) setImmediate(() => this.#pump());
  }

  #walk(hall: Hall): void {
    for (let step = 0; step < STRIDE && hall.left > 0; step++, hall.left--) {
      if (hall.next >= hall.readers.length) hall.next = 0;
      const reader = hall.readers[hall.next++];
      if (reader) this.#feed(reader, hall);
    }
  }

  /** Writes a reader what it lacks, or a reset when it stands on no part of this tape. */
  #feed(reader: Reader, hall: Hall): void {
    const { tape } = hall;
    if (reader.full) return;
    if (reader.epoch !== tape.epoch || !tape.holds(reader.cursor)) {
      this.#reset(reader, tape, reader.epoch === tape.epoch ? undefined : 'epoch');
      return;
    }
    while (!reader.full && reader.cursor < tape.last) {
      const { bytes, to } = pieceFor(reader, hall);
      reader.cursor = to;
      if (bytes.length > 0) this.#write(reader, bytes);
    }
  }

  #reset(reader: Reader, tape: Tape, reason: ResetReason | undefined): void {
    reader.epoch = tape.epoch;
    reader.cursor = tape.head.seq;
    this.#write(reader, reader.outlet.dialect.encode(tape.resetMessage(reason)));
  }

  #write(reader: Reader, bytes: Buffer): void {
    reader.wroteAt = this.#wheel.turn;
    reader.full = !reader.outlet.write(bytes);
  }

  #hall(edition: string): Hall {
    const hall = this.#halls.get(edition);
    if (!hall) throw new Error(`no tape of the edition ${edition}`);
    return hall;
  }
}

function pieceFor({ cursor, view, viewKey, outlet: { dialect } }: Reader, { tape, shared }: Hall): Piece {
  const { last } = shared;
  if (last && last.from === cursor && last.viewKey === viewKey && last.dialect === dialect) return last;
  const pieces = shared.pieces.getOrInsertComputed(dialect, () => new Map<string, Piece>());
  if (pieces.size >= MOST_PIECES) pieces.clear();
  shared.last = pieces.getOrInsertComputed(`${cursor} ${viewKey}`, () => {
    const { bytes, cursor: to } = tape.bytesAfter(cursor, view, dialect, WRITE_LIMIT);
    return { dialect, viewKey, from: cursor, to, bytes };
  });
  return shared.last;
}

interface FanoutOptions {
  tapes: Iterable<Tape>;
  clock: Clock;
  heartbeatMs: number;
  lifetimeMs: number;
}

export interface Joining {
  /** Undefined when what came in is no position. */
  position: Position | undefined;
  view?: View | undefined;
  hello?: Message | undefined;
}
