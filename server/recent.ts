import { type Item, isTombstone } from '../shared/item.ts';
import type { Position } from '../shared/position.ts';
import type { Clock } from './clock.ts';
import { type Engine, EngineUnavailable, type RowsQuery, type Shown } from './engine.ts';
import type { Follow } from './follow.ts';
import type { Tape } from './tape.ts';

const WINDOW_MS = 48 * 3600_000;
/** The newest of them, where an import has brought more. */
const MOST_ITEMS = 5_000;
const PAGE = 500;
/** A bulk may land between the rows and the tape; so many in a row do not. */
const TURNS = 20;

/**
 * What was made of each item that an edition published in the last 48 hours and still shows, in memory from the first
 * time that somebody asks. It is a reader of the tape: each change costs what it changes, and what is killed or held is
 * gone from here when it is gone from there.
 */
export class Recent<Made> {
  readonly #engine: Engine;
  readonly #tape: Tape;
  readonly #follow: Follow;
  readonly #clock: Clock;
  readonly #make: (item: Item) => Made;
  /** About the oldest first. */
  readonly #kept = new Map<string, Kept<Made>>();
  /** Where on the tape it is true; undefined while it is not. */
  #at: { epoch: string; cursor: number } | undefined;
  #building: Promise<void> | undefined;

  constructor({ engine, tape, follow, clock, make }: RecentParts<Made>) {
    this.#engine = engine;
    this.#tape = tape;
    this.#follow = follow;
    this.#clock = clock;
    this.#make = make;
  }

  /** The tape has changed. */
  moved(): void {
    if (!this.#at) return;
    const { epoch, last } = this.#tape;
    if (this.#at.epoch !== epoch || !this.#tape.holds(this.#at.cursor)) {
      this.#kept.clear();
      this.#at = undefined;
      return;
    }
    for (; this.#at.cursor < last; this.#at.cursor++) {
      const entry = this.#tape.shownAt(this.#at.cursor + 1);
      if (entry) this.#take(entry.id, entry.shown);
    }
  }

  /** @throws EngineUnavailable */
  async all(): Promise<Made[]> {
    for (let turn = 0; turn < TURNS && !this.#at; turn++) {
      this.#building ??= this.#build().finally(() => {
        this.#building = undefined;
      });
      await this.#building;
    }
    const since = this.#since();
    for (const [id, { publishedAt }] of this.#kept) if (publishedAt < since) this.#kept.delete(id);
    return [...this.#kept.values()].map(({ made }) => made);
  }

  #since(): number {
    return this.#clock.now() - WINDOW_MS;
  }

  #take(id: string, shown: Shown): void {
    if (shown.state === 'published') this.#keep(this.#madeOf(shown.item));
    else this.#kept.delete(id);
  }

  #madeOf(item: Item): Kept<Made> {
    return { id: item.id, publishedAt: Date.parse(item.publishedAt), made: this.#make(item) };
  }

  #keep(kept: Kept<Made>): void {
    this.#kept.set(kept.id, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_ITEMS && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** What the store shows, and then what the tape has had since the oldest of its pages: none is ahead of its kills. */
  async #build(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      const { positions, kept } = await this.#pages();
      const { epoch, last } = this.#tape;
      const cursor = Math.min(last, ...positions.map(({ seq }) => seq));
      if (positions.every((position) => position.epoch === epoch) && this.#tape.holds(cursor)) {
        for (const one of kept.reverse()) this.#keep(one);
        this.#at = { epoch, cursor };
        return this.moved();
      }
      await this.#follow.refresh();
    }
    throw new EngineUnavailable(`The rows of the edition "${this.#tape.edition}" and its log do not agree.`);
  }

  /** What is made of the items, page by page so that nobody waits long, newest first, and where each page is true. */
  async #pages(): Promise<{ positions: Position[]; kept: Kept<Made>[] }> {
    const since = this.#since();
    const found = { positions: [] as Position[], kept: [] as Kept<Made>[] };
    let before: RowsQuery['before'];
    do {
      const { position, items, more } = await this.#engine.rows(this.#tape.edition, { limit: PAGE, before });
      found.positions.push(position);
      const made = items.flatMap((row) => (isTombstone(row) ? [] : [this.#madeOf(row)]));
      found.kept.push(...made.filter(({ publishedAt }) => publishedAt >= since));
      const last = items.at(-1);
      before = more && last && Date.parse(last.publishedAt) >= since ? last : undefined;
    } while (before && found.kept.length < MOST_ITEMS);
    return found;
  }
}

interface Kept<Made> {
  id: string;
  publishedAt: number;
  made: Made;
}

interface RecentParts<Made> {
  engine: Engine;
  tape: Tape;
  follow: Follow;
  clock: Clock;
  make: (item: Item) => Made;
}
