import { apply, catchUp, type Rows } from '../../shared/rows.ts';
import type { State } from '../../shared/ticker.ts';
import type { EditionInfo, Message, Snapshot } from '../../shared/wire.ts';
import { type Address, addressOf, type Source } from './address.ts';
import { type Link, openLink } from './link.ts';
import { Loader } from './loader.ts';
import { BROWSER, backOff, type World } from './world.ts';

/** A reset reaches all readers at once; they load over this long. */
const LOAD_JITTER = 1_000;
/** A link that lived this long ended for a reason of its own: the next attempts start from the shortest wait again. */
const STEADY = 30_000;
/** How many messages are kept for a snapshot that does not come, before a newer one is wanted in their place. */
const MOST_KEPT = 500;

/** Keeps the rows of one source up to date, for ever, until it is stopped. `changed` is called after each change. */
export class Connection {
  readonly #world: World;
  readonly #address: Address;
  readonly #isView: boolean;
  readonly #changed: () => void;
  readonly #loader: Loader;
  /** While a snapshot is wanted: what was said since, which it may be too old to hold. */
  #kept: Message[] = [];
  /** Not older than this. */
  #min: string | undefined;
  /** Where a snapshot stands that no link has told of: only the server can say whether the log still goes through it. */
  #unproven: string | undefined;
  #link: Link | undefined;
  #linkedAt = 0;
  /** The link that is to follow, until its hello: only then is the old one closed, so that nobody waits. */
  #next: Link | undefined;
  #failures = 0;
  #cancelAttempt = () => {};
  #clockAhead = 0;
  #heardAt = 0;
  rows: Rows | undefined;
  edition: EditionInfo | undefined;

  constructor(source: Source, changed: () => void, world: World = BROWSER) {
    this.#world = world;
    this.#address = addressOf(source);
    this.#isView = source.tag !== undefined || source.section !== undefined;
    this.#changed = changed;
    this.#loader = new Loader(world, this.#address, (snapshot) => this.#loaded(snapshot));
    this.#loader.want(undefined, 0);
  }

  get state(): State {
    if (this.#link && this.#loader.failures === 0) return 'live';
    return this.#failures + this.#loader.failures > 0 ? 'reconnecting' : 'connecting';
  }

  /** By the server's clock, once it has told it. */
  get now(): number {
    return this.#world.now() + this.#clockAhead;
  }

  get asOf(): number {
    return this.#heardAt + this.#clockAhead;
  }

  stop(): void {
    this.#loader.stop();
    this.#cancelAttempt();
    this.#link?.close();
    this.#next?.close();
  }

  #loaded(snapshot: Snapshot | undefined): void {
    if (snapshot) {
      const { rows, load } = catchUp(snapshot, this.#isView, this.#kept);
      this.rows = rows;
      this.edition = snapshot.edition;
      this.#heardAt = this.#world.now();
      this.#prove(snapshot.position);
      if (load) this.#load(load.min);
    }
    this.#changed();
  }

  /** A cache may give rows of a life of the log that has ended. Unless the link has told of them, another one asks. */
  #prove(position: string): void {
    const told = position === this.#min || this.#kept.some((kept) => 'position' in kept && kept.position === position);
    this.#unproven = told ? undefined : position;
    if (told && this.#link) return;
    if (!told) {
      this.#next?.close();
      this.#next = undefined;
    }
    this.#attempt();
  }

  #load(min: string): void {
    this.#kept = [];
    this.#min = min;
    this.#loader.want(min, this.#world.random() * LOAD_JITTER);
  }

  #attemptAfter(ms: number): void {
    this.#cancelAttempt();
    this.#cancelAttempt = this.#world.after(ms, () => this.#attempt());
  }

  #attempt(): void {
    if (!this.rows || this.#next) return;
    const url = this.#address.live(this.#unproven ?? this.rows.position);
    const link: Link = openLink(
      this.#world,
      url,
      (message) => this.#heard(message, link),
      () => this.#lost(link),
    );
    this.#next = link;
  }

  #heard(message: Message, link: Link): void {
    if (message.type === 'hello' && link === this.#next) this.#follow(link);
    if (message.type === 'goaway') this.#attemptAfter(message.afterMs);
    if (message.type === 'beat') this.#clockAhead = Date.parse(message.at) - this.#world.now();
    if (this.rows) this.#take(message, this.rows);
    // Rows that wait for a snapshot are as old as they were before.
    if (!this.#loader.wanted) this.#heardAt = this.#world.now();
    this.#changed();
  }

  #follow(link: Link): void {
    this.#link?.close();
    this.#link = link;
    this.#linkedAt = this.#world.now();
    this.#next = undefined;
    this.#unproven = undefined;
    this.#cancelAttempt();
    // The messages kept, and the answer on its way, are from before what this link tells; what they brought may not be lost.
    if (this.#loader.wanted && this.rows) this.#load(this.rows.position);
  }

  #take(message: Message, held: Rows): void {
    const { rows, load } = apply(held, message);
    this.rows = rows;
    if (message.type === 'hello' && message.snapshot) this.edition = message.snapshot.edition;
    // A wanted snapshot settles every other reason to load, except that a reset says the wanted one is too old.
    if (load && (!this.#loader.wanted || message.type === 'reset')) this.#load(load.min);
    else if (this.#loader.wanted) this.#keep(message);
  }

  #keep(message: Message): void {
    this.#kept.push(message);
    if (this.#kept.length > MOST_KEPT && 'position' in message) this.#load(message.position);
  }

  #lost(link: Link): void {
    if (link === this.#link) {
      this.#link = undefined;
      if (this.#world.now() - this.#linkedAt > STEADY) this.#failures = 0;
    } else this.#next = undefined;
    this.#failures += 1;
    this.#attemptAfter(backOff(this.#world, this.#failures));
    this.#changed();
  }
}
