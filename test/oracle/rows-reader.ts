import type { Dialect } from '../../server/tape.ts';
import { parsePosition } from '../../shared/position.ts';
import { apply, HELD, listed, type Rows, rowsOf, SHOWN } from '../../shared/rows.ts';
import type { Message } from '../../shared/wire.ts';
import type { Dice } from './dice.ts';
import { type RowsWorld, VIEWS, wordsOf } from './rows-world.ts';

const lines: Dialect = { encode: (message: Message) => Buffer.from(`${JSON.stringify(message)}\n`) };

/** A reader of one view that hears late, loads late, comes back old and is given old snapshots. */
export class RowsReader {
  readonly #world: RowsWorld;
  readonly #view: number;
  readonly #dice: Dice;
  #rows: Rows;
  #cursor: number;
  #epoch: string;
  /** A snapshot is wanted; not older than `#min`, where that is known, and never than the rows. */
  #wanted = false;
  #min: string | undefined;
  /** After a reset nothing is heard until the snapshot is there. */
  #linked = true;
  #remembered: Rows;
  readonly #shown = new Set<string>();

  constructor(world: RowsWorld, view: number, dice: Dice) {
    this.#world = world;
    this.#view = view;
    this.#dice = dice;
    this.#rows = rowsOf(world.snapshot(view, HELD), view > 0);
    this.#remembered = this.#rows;
    for (const id of this.#rows.entries.keys()) this.#shown.add(id);
    this.#cursor = world.tape.head.seq;
    this.#epoch = world.tape.epoch;
  }

  /** Something befalls it, or nothing. */
  live(): void {
    if (this.#dice.chance(0.04) && !this.#wanted) this.#remembered = this.#rows;
    // Its connection broke; what it was loading it goes on loading.
    if (this.#dice.chance(0.03) && this.#linked) this.#connect();
    // Two sockets overlap: what the older one says it knows already.
    if (this.#dice.chance(0.03)) this.#overlap(this.#dice.whole(1, 10));
    if (this.#dice.chance(0.02)) this.#comeBack(this.#remembered);
    if (this.#dice.chance(0.02))
      this.#comeBack(
        rowsOf(
          this.#load(() => true),
          this.#view > 0,
        ),
      );
    if (this.#dice.chance(0.5)) this.#read(this.#dice.whole(1, 2_000));
    if (this.#dice.chance(0.4)) this.#loaded();
  }

  /** It hears everything and gets all that it asks for. */
  settle(): void {
    do {
      this.#read(Number.POSITIVE_INFINITY);
      this.#loaded();
    } while (this.#wanted || this.#cursor < this.#world.tape.head.seq);
  }

  /** What is wrong with what it holds or shows. */
  fault(): string | undefined {
    const view = VIEWS[this.#view];
    const { floor } = this.#rows;
    const due = this.#world.expected(view);
    const held = due.filter((row) => ('pinnedUntil' in row && row.pinnedUntil) || !floor || !below(row, floor));
    const own = [...this.#rows.entries.values()].filter((row) => !view || !('killedAt' in row));
    const strange = [...this.#rows.entries.values()].find((row) => 'killedAt' in row && !this.#shown.has(row.id));
    if (view && strange) return `holds the tombstone of what it never held: ${wordsOf(strange)}`;
    let items = 0;
    const last = due.findIndex((row) => !('killedAt' in row) && ++items === SHOWN);
    const shown = listed(this.#rows).filter((row) => !view || !('killedAt' in row));
    return (
      difference('holds', own.map(wordsOf).sort(), held.map(wordsOf).sort()) ??
      difference('shows', shown.map(wordsOf), (last < 0 ? due : due.slice(0, last + 1)).map(wordsOf))
    );
  }

  #comeBack(rows: Rows): void {
    this.#rows = rows;
    this.#wanted = false;
    this.#min = undefined;
    this.#connect();
  }

  #overlap(by: number): void {
    const { tape } = this.#world;
    const onTape = this.#epoch === tape.epoch && tape.positionAt(this.#cursor - by) !== undefined;
    if (onTape && !this.#wanted) this.#cursor -= by;
  }

  #connect(): void {
    for (const id of this.#rows.entries.keys()) this.#shown.add(id);
    this.#linked = true;
    const at = this.#world.tape.locate(parsePosition(this.#rows.position));
    this.#epoch = this.#world.tape.epoch;
    this.#cursor = typeof at === 'number' ? at : this.#world.tape.head.seq;
    if (typeof at !== 'number') this.#hear(this.#world.tape.resetMessage(at));
  }

  /** At most about `limit` bytes of what the tape has for it, as a connection that fills up. */
  #read(limit: number): void {
    if (!this.#linked) return;
    const { tape } = this.#world;
    if (this.#epoch !== tape.epoch || tape.positionAt(this.#cursor) === undefined) {
      this.#epoch = tape.epoch;
      this.#cursor = tape.head.seq;
      this.#hear(tape.resetMessage('epoch'));
      return;
    }
    const { bytes, cursor } = tape.bytesAfter(this.#cursor, VIEWS[this.#view], lines, limit);
    this.#cursor = cursor;
    for (const line of String(bytes).split('\n')) if (line !== '' && this.#linked) this.#hear(JSON.parse(line));
  }

  #hear(message: Message): void {
    if (message.type === 'item') this.#shown.add(message.item.id);
    const { rows, load } = apply(this.#rows, message);
    for (const row of rows.entries.values()) if (!('killedAt' in row)) this.#shown.add(row.id);
    this.#rows = rows;
    if (!load) return;
    this.#wanted = true;
    // Too few rows, each of them true: the link goes on.
    if (load.min === rows.position) return;
    this.#min = load.min;
    this.#linked = false;
  }

  #loaded(): void {
    if (!this.#wanted) return;
    const min = this.#min ?? this.#rows.position;
    this.#comeBack(
      rowsOf(
        this.#load((position) => reaches(position, min)),
        this.#view > 0,
      ),
    );
  }

  #load(fits: (position: string) => boolean) {
    const stale = this.#dice.chance(0.5) ? this.#world.stale(this.#view, fits) : undefined;
    const snapshot = stale ?? this.#world.snapshot(this.#view, HELD);
    for (const { id } of snapshot.items) this.#shown.add(id);
    return snapshot;
  }
}

function below(a: { publishedAt: string; id: string }, b: { publishedAt: string; id: string }): boolean {
  return `${a.publishedAt} ${a.id}` < `${b.publishedAt} ${b.id}`;
}

function reaches(position: string, min: string): boolean {
  const [theirs, wanted] = [parsePosition(position), parsePosition(min)];
  return theirs !== undefined && theirs.epoch === wanted?.epoch && theirs.seq >= wanted.seq;
}

function difference(verb: string, found: string[], due: string[]): string | undefined {
  if (JSON.stringify(found) === JSON.stringify(due)) return undefined;
  return `${verb} [${found.join(' | ')}], due [${due.join(' | ')}]`;
}
