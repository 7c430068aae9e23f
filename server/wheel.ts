import type { Clock, Stop } from './clock.ts';
import type { Hall, Reader } from './reader.ts';
import type { Dialect } from './tape.ts';

/** A heartbeat is so many turns; each reader has a slot of its own, so that what it is sent is spread over them. */
const SLOTS = 16;
/** Who has answered none of so many probes is gone without a word. */
const PROBES = 3;
/** Turns between "go" and the end: time for the client to have its next connection first. */
const GRACE = 4;

export interface WheelOptions {
  halls: Iterable<Hall>;
  clock: Clock;
  heartbeatMs: number;
  /** A connection lives a random 80 to 100 % of it, so that a node empties and fills by itself. */
  lifetimeMs: number;
}

/** One timer for all readers: beats for the idle, probes for the silent, and the end for those whose time has come. */
export class Wheel {
  readonly #halls: Iterable<Hall>;
  readonly #clock: Clock;
  readonly #turnMs: number;
  readonly #lifetime: number;
  readonly #stop: Stop;
  #turn = 0;
  #draining: { until: number; resolve: () => void } | undefined;

  constructor({ halls, clock, heartbeatMs, lifetimeMs }: WheelOptions) {
    this.#halls = halls;
    this.#clock = clock;
    this.#turnMs = heartbeatMs / SLOTS;
    this.#lifetime = Math.max(GRACE, Math.round(lifetimeMs / this.#turnMs));
    this.#stop = clock.every(this.#turnMs, () => this.#go());
  }

  get turn(): number {
    return this.#turn;
  }

  /** What the wheel wants to know of a reader that comes now. */
  seat(): Pick<Reader, 'slot' | 'wroteAt' | 'heardAt' | 'leavesAt' | 'leaving'> {
    const turn = this.#turn;
    const leavesAt = turn + this.#lifetime - randomInt(Math.ceil(this.#lifetime / 5));
    return { slot: randomInt(SLOTS), wroteAt: turn, heardAt: turn, leavesAt, leaving: false };
  }

  /** Sends everybody away at random moments within `ms`. Resolves when nobody is left, or when that and the grace are over. */
  drain(ms: number): Promise<void> {
    const turns = Math.max(1, Math.floor(ms / this.#turnMs));
    for (const { readers } of this.#halls)
      for (const reader of readers) reader.leavesAt = Math.min(reader.leavesAt, this.#turn + 1 + randomInt(turns));
    return new Promise((resolve) => {
      this.#draining = { until: this.#turn + turns + GRACE + 1, resolve };
    });
  }

  stop(): void {
    this.#stop();
  }

  #go(): void {
    this.#turn++;
    const beats: Beats = { at: new Date(this.#clock.now()).toISOString(), shared: new Map() };
    for (const hall of this.#halls) {
      beats.shared.clear();
      // Backwards, since who is cut leaves at once and the last takes the empty place.
      for (let place = hall.readers.length - 1; place >= 0; place--) {
        const reader = hall.readers[place];
        if (reader) this.#lookAfter(reader, hall, beats);
      }
    }
    const empty = [...this.#halls].every(({ readers }) => readers.length === 0);
    if (this.#draining && (empty || this.#turn >= this.#draining.until)) this.#draining.resolve();
  }

  #lookAfter(reader: Reader, hall: Hall, beats: Beats): void {
    if (reader.leavesAt <= this.#turn) this.#sendAway(reader);
    else if (!reader.full) this.#greet(reader, hall, beats);
  }

  #greet(reader: Reader, hall: Hall, beats: Beats): void {
    const { probe, quiet } = reader.outlet.dialect;
    const silent = this.#turn - reader.wroteAt;
    // Never more than a heartbeat without a word; each with a patience of its own, else all who heard the last
    // headline at one moment would hear the beat at one moment.
    const beat = !quiet && silent > (SLOTS + reader.slot) / 2 ? beatFor(reader, hall, beats) : undefined;
    if (beat) this.#write(reader, beat);
    const unheard = this.#turn - reader.heardAt;
    // Who has just come, or was heard since the last probe, need not be asked.
    if (!probe || reader.full || reader.slot !== this.#turn % SLOTS || unheard < SLOTS / 2) return;
    if (unheard > PROBES * SLOTS) reader.outlet.cut();
    else reader.full = !reader.outlet.write(probe);
  }

  #sendAway(reader: Reader): void {
    if (reader.leaving) {
      reader.outlet.cut();
      return;
    }
    reader.leaving = true;
    reader.leavesAt = this.#turn + GRACE;
    // Within the turn at random, else all of one turn would come back at one moment.
    const afterMs = randomInt(Math.ceil(this.#turnMs));
    if (!reader.full) this.#write(reader, reader.outlet.dialect.encode({ type: 'goaway', afterMs }));
  }

  #write(reader: Reader, bytes: Buffer): void {
    reader.wroteAt = this.#turn;
    reader.full = !reader.outlet.write(bytes);
  }
}

/** Below `end`. Nobody gains by guessing it, so it need not cost what a secret costs. */
function randomInt(end: number): number {
  return Math.floor(Math.random() * end);
}

interface Beats {
  at: string;
  /** A beat carries the reader's own position, so it is shared by all at one cursor. */
  shared: Map<Dialect, Map<number, Buffer>>;
}

function beatFor({ epoch, cursor, outlet }: Reader, { tape }: Hall, { at, shared }: Beats): Buffer | undefined {
  const position = epoch === tape.epoch ? tape.positionAt(cursor) : undefined;
  if (position === undefined) return undefined;
  const { dialect } = outlet;
  return shared
    .getOrInsertComputed(dialect, () => new Map<number, Buffer>())
    .getOrInsertComputed(cursor, () => dialect.encode({ type: 'beat', position, at }));
}
