import { type Remembered, sameMark } from '../shared/position.ts';
import type { ResetReason } from '../shared/wire.ts';
import type { Clock, Stop } from './clock.ts';
import type { Cut, Engine, Entry } from './engine.ts';
import type { Log } from './log.ts';
import type { Seal } from './seal.ts';
import type { Tape } from './tape.ts';

/** Entries in one read of the log. */
const PAGE = 500;
/** The head is read this often even when nothing was announced, so a lost announcement costs no more. */
const HEAD_CHECK_MS = 1_000;
/** A commit may land between a read and the rotation that it gives cause for; so many in a row do not. */
const TURNS = 5;

/**
 * The one way onto an edition's tape. An announcement only wakes it; what it believes is a read in one cut, of which
 * every step of the chain is checked. Reads of one edition never overlap.
 */
export class Follow {
  readonly #engine: Engine;
  readonly #tape: Tape;
  readonly #seal: Seal;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onMove: () => void;
  #stops: Stop[] = [];
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failing = false;
  /** A position that was given out and that the log, as read since, does not hold. */
  #evidence: Remembered | undefined;

  constructor({ engine, tape, seal, clock, log, onMove }: FollowParts) {
    this.#engine = engine;
    this.#tape = tape;
    this.#seal = seal;
    this.#clock = clock;
    this.#log = log;
    this.#onMove = onMove;
  }

  /** Whether the last read of the log succeeded. */
  get healthy(): boolean {
    return !this.#failing;
  }

  /** Resolves when the tape is filled. Subscribes first, so that nothing falls between the filling and the following. */
  async start(): Promise<void> {
    const { edition } = this.#tape;
    this.#stops.push(await this.#engine.subscribe(edition, () => this.#wake()));
    // The filling is a read like any other: a wake-up meanwhile has to wait for it.
    const filling = this.#engine.read(edition, undefined, PAGE).then((cut) => this.#fill(cut));
    this.#running = this.#ended(filling.catch(() => {}));
    await filling;
    this.#stops.push(this.#clock.every(HEAD_CHECK_MS, () => this.#wake()));
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#next;
    await this.#running;
  }

  /** Resolves after a read that began no earlier than now; whoever asks meanwhile shares the one after it. */
  refresh(): Promise<void> {
    if (!this.#running) return this.#run();
    this.#next ??= this.#running.then(() => this.#run());
    return this.#next;
  }

  /**
   * Where a position stands on the tape, or why its reader must be reset. Nobody is sent back before the log has been
   * read again: this node may be the one that is behind, in number, in epoch, or in a life of the log that has ended.
   * And what was given out and is no longer there was lost: that concerns everybody, so it starts a new epoch.
   */
  async place(position: Remembered | undefined): Promise<number | ResetReason> {
    if (!position || typeof this.#tape.locate(position) === 'number') return this.#tape.locate(position);
    await this.refresh();
    for (let turn = 0; turn < TURNS && this.#disproves(position); turn++) {
      this.#evidence = position;
      await this.refresh();
    }
    return this.#tape.locate(position);
  }

  #disproves(position: Remembered): boolean {
    return this.healthy && contradicts(this.#tape, position) && this.#seal.isOurs(position);
  }

  #wake(): void {
    void this.refresh();
  }

  #run(): Promise<void> {
    this.#next = undefined;
    const running = this.#ended(
      this.#catchUp().then(
        () => this.#report(undefined),
        (error: unknown) => this.#report(error),
      ),
    );
    this.#running = running;
    return running;
  }

  /** While somebody waits for the next read, this one stays in place: else a third could begin beside the next. */
  #ended(read: Promise<void>): Promise<void> {
    return read.finally(() => {
      if (!this.#next) this.#running = undefined;
    });
  }

  async #catchUp(): Promise<void> {
    const held = this.#tape.head;
    const entries: Entry[] = [];
    let cut = await this.#engine.read(this.#tape.edition, held.seq, PAGE);
    if (cut.epoch !== held.epoch) return this.#fill();
    let last = { seq: held.seq, mark: held.mark };
    while (continues(last, cut)) {
      entries.push(...cut.entries);
      last = cut.entries.at(-1) ?? last;
      if (last.seq >= cut.head.seq) return this.#continue(entries);
      cut = await this.#engine.read(this.#tape.edition, last.seq, PAGE);
      if (cut.epoch !== held.epoch) return this.#fill();
    }
    return this.#startAnew();
  }

  async #continue(entries: Entry[]): Promise<void> {
    if (entries.length > 0) {
      this.#tape.append(entries);
      this.#onMove();
    }
    const evidence = this.#evidence;
    this.#evidence = undefined;
    if (!evidence || !contradicts(this.#tape, evidence)) return;
    const { edition, head } = this.#tape;
    this.#log.warn({ edition, evidence, head }, 'the log has lost what readers were told');
    // Refused when the log has moved on since it was read: then it is read, and judged, again.
    if ((await this.#engine.rotate(edition, head)) !== head.epoch) await this.#fill();
  }

  /**
   * The log does not continue what readers were told: its numbers were used again, or entries are missing. A new
   * epoch tells every reader of every node; a node that loses the race to start it adopts the winner's.
   */
  async #startAnew(): Promise<void> {
    const { edition } = this.#tape;
    for (let turn = 0; turn < TURNS; turn++) {
      const { epoch, head } = await this.#engine.read(edition, this.#tape.head.seq, 1);
      if (epoch !== this.#tape.epoch) return this.#fill();
      if (head.seq < this.#tape.head.seq) await this.#confirmRegress();
      const found = { epoch, ...head };
      this.#log.warn({ edition, had: this.#tape.head, found }, 'the log is not the one we followed');
      // Filled without a new epoch, the tape would go on with another life of the log and no reader would be reset.
      if ((await this.#engine.rotate(edition, found)) !== epoch) return this.#fill();
    }
    throw new Error('the log moves on faster than a new epoch can start');
  }

  async #confirmRegress(): Promise<void> {
    const again = await this.#engine.read(this.#tape.edition, this.#tape.head.seq, 1);
    if (again.head.seq >= this.#tape.head.seq) throw new Error('the head of the log went back and came again');
  }

  async #fill(first?: Cut): Promise<void> {
    const { edition } = this.#tape;
    let cut = first ?? (await this.#engine.read(edition, undefined, PAGE));
    const { epoch } = cut;
    let entries = chained(cut.entries);
    while ((cut.entries.at(-1)?.seq ?? cut.head.seq) < cut.head.seq) {
      cut = await this.#engine.read(edition, cut.entries.at(-1)?.seq, PAGE);
      if (cut.epoch !== epoch) return this.#fill(undefined);
      entries = chained([...entries, ...cut.entries]);
    }
    const [oldest] = entries;
    const whole = oldest && entries.at(-1)?.mark === cut.head.mark;
    if (whole) this.#tape.restart(epoch, { seq: oldest.seq - 1, mark: oldest.prev }, entries);
    else this.#tape.restart(epoch, cut.head, []);
    this.#onMove();
  }

  #report(error: unknown): void {
    const { edition } = this.#tape;
    if (error && !this.#failing) this.#log.error({ edition, error: (error as Error).message }, 'cannot read the log');
    if (!error && this.#failing) this.#log.info({ edition }, 'the log can be read again');
    this.#failing = Boolean(error);
  }
}

export interface FollowParts {
  engine: Engine;
  tape: Tape;
  seal: Seal;
  clock: Clock;
  log: Log;
  onMove: () => void;
}

/** Of our epoch, and not on our log. Elsewhere the tape cannot tell: another epoch, or older than what it holds. */
function contradicts(tape: Tape, position: Remembered): boolean {
  const at = tape.locate(position);
  return at === 'ahead' || at === 'mark';
}

/** Whether the cut goes on exactly where `last` stands. Streams skip trimmed entries silently, so the first is tested. */
function continues(last: { seq: number; mark: string }, { entries, head }: Cut): boolean {
  if (entries.length === 0) return head.seq === last.seq && sameMark(head.mark, last.mark);
  const [first] = entries;
  return first?.seq === last.seq + 1 && first.prev === last.mark && chained(entries).length === entries.length;
}

/** The longest end of the entries in which each follows from the one before. */
function chained(entries: readonly Entry[]): Entry[] {
  const broken = entries.findLastIndex((entry, at) => {
    const before = entries[at - 1];
    return before !== undefined && (entry.prev !== before.mark || entry.seq !== before.seq + 1);
  });
  return entries.slice(Math.max(broken, 0));
}
