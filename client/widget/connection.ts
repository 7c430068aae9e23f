import { apply, type Rows, rowsOf } from '../../shared/rows.ts';
import type { State } from '../../shared/ticker.ts';
import type { EditionInfo, Message } from '../../shared/wire.ts';
import { type Address, addressOf, type Source } from './address.ts';
import type { Link } from './link.ts';
import { openPoll } from './links/poll.ts';
import { openEventStream } from './links/sse.ts';
import { openWebSocket } from './links/websocket.ts';
import { type Answer, load, reaches } from './loader.ts';
import { BROWSER, backOff, type World } from './world.ts';

/** The best first; where one is not let through, the next is tried. */
const WAYS = [openWebSocket, openEventStream, openPoll];
/** A reset reaches all readers at once; they load over this long. */
const LOAD_JITTER = 1_000;
/** A link that lived this long ended for a reason of its own: the next attempts start from the shortest wait again. */
const STEADY = 30_000;
/** How long a second-best way is kept before the best is tried again beside it; twice as long after each failure. */
const BETTER_AFTER = 60_000;
const BETTER_MOST = 3_600_000;

/**
 * Keeps the rows of one source up to date, for ever, until it is stopped. `changed` is called after each change.
 *
 * A snapshot is followed by a link from its own position: so the server says whether its log goes through it, a cache
 * cannot bring back what has ended, and no message is ever kept for later.
 */
export class Connection {
  readonly #world: World;
  readonly #address: Address;
  readonly #isView: boolean;
  readonly #changed: () => void;
  /** A snapshot is wanted; not older than `#min`, where that is known, and never than the rows. */
  #wanted = false;
  #min: string | undefined;
  #link: Link | undefined;
  #linkWay = 0;
  #linkedAt = 0;
  /** The link is going to end, or there is none: the next one is wanted soon, by whatever way. */
  #leaving = true;
  /** The link that is to follow, until its hello: only then is the old one closed, so that nobody waits. */
  #next: Link | undefined;
  /** Which of the ways is tried next. */
  #way = 0;
  #betterAfter = BETTER_AFTER;
  #failures = 0;
  #cancelLoad = () => {};
  #cancelAttempt = () => {};
  #clockAhead = 0;
  #heartbeat = 0;
  #heardAt = 0;
  rows: Rows | undefined;
  edition: EditionInfo | undefined;

  constructor(source: Source, changed: () => void, world: World = BROWSER) {
    this.#world = world;
    this.#address = addressOf(source);
    this.#isView = source.tag !== undefined || source.section !== undefined;
    this.#changed = changed;
    this.#loadAfter(0);
  }

  get state(): State {
    return this.#link ? 'live' : this.#failures > 0 ? 'reconnecting' : 'connecting';
  }

  /** By the server's clock, once it has told it. */
  get now(): number {
    return this.#world.now() + this.#clockAhead;
  }

  /** When the rows were last known to be true. */
  get asOf(): number {
    return this.#heardAt + this.#clockAhead;
  }

  /** The link was silent for longer than it may be, and no timer noticed: the machine itself was asleep. */
  get overdue(): boolean {
    return this.#link !== undefined && this.#world.now() - this.#heardAt > 3 * this.#heartbeat;
  }

  /** Lets go of every link. The rows stay, and say of what time they are. */
  sleep(): void {
    this.stop();
    this.#failures += 1;
    this.#changed();
  }

  /** Catches up, now and in one request: what there was is gone, or works again. Does nothing while there is a link. */
  wake(): void {
    if (this.#link) return;
    this.stop();
    this.#failures = 1;
    this.#way = 0;
    if (this.#wanted) this.#loadAfter(0);
    else this.#attempt();
  }

  stop(): void {
    this.#cancelLoad();
    this.#cancelAttempt();
    this.#link?.close();
    this.#next?.close();
    this.#link = undefined;
    this.#next = undefined;
    this.#leaving = true;
  }

  #loadAfter(ms: number): void {
    this.#wanted = true;
    this.#cancelLoad();
    this.#cancelLoad = this.#world.after(ms, () => {
      const min = this.#min ?? this.rows?.position;
      this.#cancelLoad = load(this.#world, this.#address, min, (answer) => this.#loaded(answer));
    });
  }

  #loaded({ snapshot, at, waitMs }: Answer): void {
    if (at) this.#clockAhead = at - this.#world.now();
    const held = this.rows?.position;
    // The link may have told of more meanwhile: then the rows are the newer ones.
    if (snapshot && reaches(snapshot.position, this.#min ?? held)) {
      this.#wanted = false;
      this.#min = undefined;
      this.rows = rowsOf(snapshot, this.#isView);
      this.edition = snapshot.edition;
      this.#heardAt = this.#world.now();
      if (snapshot.position !== held || !this.#link) {
        this.stop();
        this.#attempt();
      }
    } else {
      const ms = this.#pause(waitMs);
      this.#loadAfter(ms);
      // An old copy, or the log has begun another life since: which of the two, only a link is told.
      if (snapshot && !this.#link) this.#attemptAfter(ms);
    }
    this.#changed();
  }

  /** How long to wait after one more failure. */
  #pause(waitMs = 0): number {
    this.#failures += 1;
    return Math.max(waitMs, backOff(this.#world, this.#failures));
  }

  #attemptAfter(ms: number): void {
    this.#cancelAttempt();
    this.#cancelAttempt = this.#world.after(ms, () => this.#attempt());
  }

  #attempt(): void {
    if (!this.rows || this.#next) return;
    this.#cancelAttempt();
    const way = this.#way;
    const ears = {
      heard: (message: Message) => this.#heard(message, link, way),
      lost: (waitMs?: number) => this.#lost(link, waitMs),
    };
    let link: Link | undefined;
    try {
      link = WAYS[way]?.(this.#world, this.#address, this.rows.position, ears);
      this.#next = link;
    } catch {
      // The page may not open a socket at all: its address is not secure, say.
      this.#lost(undefined);
    }
  }

  #heard(message: Message, link: Link | undefined, way: number): void {
    const now = this.#world.now();
    this.#heardAt = now;
    if (message.type === 'hello') {
      this.#heartbeat = message.heartbeatMs;
      if (link === this.#next) this.#follow(way);
    } else if (message.type === 'goaway') {
      this.#leaving = true;
      this.#way = 0;
      this.#attemptAfter(message.afterMs);
    } else if (message.type === 'beat') this.#clockAhead = Date.parse(message.at) - now;
    if (this.rows) this.#take(message, this.rows);
    this.#changed();
  }

  #follow(way: number): void {
    this.#link?.close();
    this.#link = this.#next;
    this.#linkWay = way;
    this.#linkedAt = this.#world.now();
    this.#leaving = false;
    this.#next = undefined;
    this.#cancelAttempt();
    if (way > 0) this.#tryBetter();
  }

  #tryBetter(): void {
    this.#way = 0;
    this.#attemptAfter(this.#betterAfter);
  }

  #take(message: Message, held: Rows): void {
    const { rows, load } = apply(held, message);
    this.rows = rows;
    // Too few rows, each of them true: the link goes on.
    if (load?.min === rows.position) {
      if (!this.#wanted) this.#loadAfter(this.#world.random() * LOAD_JITTER);
    } else if (load) {
      this.stop();
      this.#min = load.min;
      this.#loadAfter(this.#world.random() * LOAD_JITTER);
    }
  }

  #lost(link: Link | undefined, waitMs?: number): void {
    if (link && link === this.#link) {
      this.#link = undefined;
      this.#leaving = true;
      this.#way = this.#linkWay;
      if (this.#world.now() - this.#linkedAt > STEADY) this.#failures = 0;
    } else {
      this.#next = undefined;
      if (!this.#leaving) {
        this.#betterAfter = Math.min(BETTER_MOST, 2 * this.#betterAfter);
        this.#tryBetter();
        return;
      }
      this.#way = (this.#way + 1) % WAYS.length;
    }
    this.#attemptAfter(this.#pause(waitMs));
    this.#changed();
  }
}
