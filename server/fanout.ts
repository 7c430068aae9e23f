import type { Position } from '../shared/position.ts';
import type { ResetReason } from '../shared/wire.ts';
import type { Clock } from './clock.ts';
import type { View } from './engine.ts';
import type { Greeting } from './greeting.ts';
import { Pieces } from './piece.ts';
import { Pump } from './pump.ts';
import type { Hall, Outlet, Reader } from './reader.ts';
import { Sent, type SentEntry } from './sent.ts';
import { DIRECT } from './site.ts';
import { type Site, Sites } from './sites.ts';
import type { Tape } from './tape.ts';
import { viewKey } from './view.ts';
import { Wheel } from './wheel.ts';

/**
 * The door out: brings every reader from its cursor to the head of its edition's tape, in slices that leave the event
 * loop free, with bytes that all readers at one cursor share.
 */
export class Fanout {
  readonly #halls = new Map<string, Hall>();
  readonly #wheel: Wheel;
  readonly #pump: Pump;

  constructor({ tapes, clock, heartbeatMs, lifetimeMs }: FanoutOptions) {
    for (const tape of tapes) {
      const walk = { next: 0, left: 0, behind: false };
      const counts = { sites: new Sites(), sent: new Sent(tape, clock) };
      this.#halls.set(tape.edition, { tape, pieces: new Pieces(tape), readers: [], ...walk, ...counts });
    }
    const halls = [...this.#halls.values()];
    this.#wheel = new Wheel({ halls, clock, heartbeatMs, lifetimeMs });
    this.#pump = new Pump(halls, clock, (reader, hall) => this.#feed(reader, hall, true));
  }

  /**
   * Takes a reader in who stands at `position` of the edition, says `hello` (when there is one), and brings it to the head. A
   * position that cannot be continued is answered with one `reset`.
   */
  join(edition: string, outlet: Outlet, { position, view, hello, site = DIRECT }: Joining): Reader {
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
      site: hall.sites.enter(site),
    };
    hall.readers.push(reader);
    if (hello) this.#write(reader, hello.bytes(outlet.dialect));
    if (typeof at !== 'number') this.#reset(reader, hall.tape, at);
    this.#feed(reader, hall, false);
    return reader;
  }

  leave(edition: string, reader: Reader): void {
    const hall = this.#hall(edition);
    const { readers, sites } = hall;
    const last = readers.pop();
    if (!last) throw new Error('a reader left who was not there');
    sites.leave(reader.site);
    if (last === reader) return;
    readers[reader.place] = last;
    last.place = reader.place;
    // The last reader moved to a place that the walk may have passed.
    if (hall.left > 0) this.#pump.wake(hall);
  }

  /** The connection of a reader has room again. */
  resume(edition: string, reader: Reader): void {
    reader.full = false;
    this.heard(reader);
    const hall = this.#hall(edition);
    this.#feed(reader, hall, true);
    hall.sent.reckon();
  }

  /** The tape of the edition has changed. */
  moved(edition: string): void {
    const hall = this.#hall(edition);
    hall.pieces.forget();
    hall.sent.arrived();
    this.#pump.wake(hall);
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

  /** How many read now. */
  count(): number {
    return [...this.#halls.values()].reduce((sum, { readers }) => sum + readers.length, 0);
  }

  /** On which sites an edition is read now, and whom its newest entries were written to. */
  audience(edition: string): { sites: Site[]; sent: SentEntry[] } {
    const { sites, sent } = this.#hall(edition);
    return { sites: sites.list(), sent: sent.list() };
  }

  /** Asks every reader to go elsewhere, spread over `ms`; resolves when that time and a grace are over. */
  drain(ms: number): Promise<void> {
    return this.#wheel.drain(ms);
  }

  close(): void {
    this.#wheel.stop();
    for (const { readers } of this.#halls.values()) for (const reader of [...readers]) reader.outlet.end();
  }

  /**
   * Writes a reader what it lacks, or a reset when it stands on no part of this tape.
   *
   * @param due whether that is sent to who was there, and not given to a newcomer
   */
  #feed(reader: Reader, { tape, pieces, sent }: Hall, due: boolean): void {
    if (reader.full) return;
    if (reader.epoch !== tape.epoch || !tape.holds(reader.cursor)) {
      this.#reset(reader, tape, reader.epoch === tape.epoch ? undefined : 'epoch');
      return;
    }
    while (!reader.full && reader.cursor < tape.last) {
      const piece = pieces.for(reader);
      reader.cursor = piece.to;
      if (piece.bytes.length === 0) continue;
      this.#write(reader, piece.bytes);
      if (!due) continue;
      piece.tally ??= sent.tally(piece.from, piece.to, reader.view, piece.dialect);
      piece.tally.times++;
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
  hello?: Greeting | undefined;
  /** Whose page it is on. */
  site?: string;
}
