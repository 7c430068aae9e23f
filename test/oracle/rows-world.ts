import { type Entry, markAfter, type Shown } from '../../server/engine.ts';
import { Tape } from '../../server/tape.ts';
import { matches } from '../../server/view.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { formatPosition, GENESIS } from '../../shared/position.ts';
import type { Snapshot } from '../../shared/wire.ts';
import { idOf, itemOf } from '../support/log.ts';
import { editionOf, tombstoneOf } from '../support/newsroom.ts';
import type { Dice } from './dice.ts';
import { SECTIONS } from './plan.ts';

export type View = { tag: string } | { section: string } | undefined;
export const VIEWS: View[] = [undefined, { tag: 'alpha' }, { section: 'war' }];
const TAGS = ['alpha', 'beta'];
const PINNED = '2026-01-06T08:00:00.000Z';
/** Minutes over which the items are spread, so that some fall among old ones and some on the same time. */
const MINUTES = 200;

/** More than readers hold comes, or more of it goes than they have left, or a bit of everything. */
const MOODS = [
  { publish: 30, amend: 25, hold: 14, release: 12, kill: 8, pin: 6, unpin: 5 },
  { publish: 85, amend: 5, hold: 2, release: 2, kill: 1, pin: 4, unpin: 1 },
  { publish: 5, amend: 10, hold: 45, release: 2, kill: 35, pin: 1, unpin: 2 },
] as const;

interface Head {
  seq: number;
  mark: string;
}

interface Held {
  item: Item;
  state: 'published' | 'withheld' | 'killed';
}

/** A newsroom without a store: what it says goes onto a real tape, and what is to be seen is worked out anew each time. */
export class RowsWorld {
  readonly #dice: Dice;
  #items: Held[] = [];
  #saved: { items: Held[]; head: Head } | undefined;
  /** How often it has lost the newest of what it said. */
  losses = 0;
  /** The lives of its log, one after the other. */
  readonly epochs = ['first'];
  readonly tape: Tape;
  readonly #past: Snapshot[][] = VIEWS.map(() => []);
  #mood: (typeof MOODS)[number] = MOODS[0];
  #head: Head = { seq: 0, mark: GENESIS };

  constructor(dice: Dice) {
    this.#dice = dice;
    this.tape = new Tape('en', dice.whole(10, 60), formatPosition);
    this.tape.restart('first', { seq: 0, mark: GENESIS }, []);
  }

  /** Something happens, and is on the tape. */
  step(): void {
    if (this.#dice.chance(0.02)) this.#mood = this.#dice.pick(MOODS);
    const kind = this.#dice.weighted(this.#mood);
    const held = kind === 'publish' || this.#items.length === 0 ? undefined : this.#dice.pick(this.#newest());
    if (!held) return void this.#say(this.#post());
    if (held.state === 'killed' || (kind === 'release') === (held.state === 'published')) return;
    const { pinnedUntil, ...plain } = held.item;
    const pin = kind === 'pin' || (pinnedUntil !== undefined && kind !== 'unpin');
    held.item = { ...plain, revision: plain.revision + 1, ...(pin && { pinnedUntil: PINNED }) };
    if (kind === 'amend') held.item = { ...held.item, ...this.#words(), headline: `v${held.item.revision}` };
    if (kind === 'hold') held.state = 'withheld';
    if (kind === 'release') held.state = 'published';
    if (kind === 'kill') held.state = 'killed';
    this.#say(held);
  }

  /** The log is another one: all must load anew. */
  rotate(epoch: string): void {
    this.epochs.push(epoch);
    this.tape.restart(epoch, this.#head, []);
  }

  save(): void {
    this.#saved = { items: this.#items.map((held) => ({ ...held })), head: this.#head };
  }

  /** Another store has taken over, which was as it was when it was saved: numbers will be used again. */
  lose(epoch: string): void {
    const { items, head } = this.#saved ?? { items: this.#items, head: this.#head };
    this.#saved = undefined;
    this.losses++;
    this.#items = items;
    this.#head = head;
    this.rotate(epoch);
  }

  expected(view: View): (Item | Tombstone)[] {
    return this.#items
      .filter(({ state }) => state !== 'withheld')
      .filter(({ state, item }) => !view || (state === 'published' && matches(view, item)))
      .map(({ state, item }) => (state === 'killed' ? tombstoneOf(item) : item))
      .sort((a, b) => (rankOf(a) < rankOf(b) ? 1 : -1));
  }

  /** A snapshot, remembered for those who are given it later. */
  snapshot(at: number, limit: number): Snapshot {
    const rows = this.expected(VIEWS[at]);
    let unpinned = 0;
    const end = rows.findIndex((row) => !('killedAt' in row) && !row.pinnedUntil && ++unpinned > limit);
    const snapshot = {
      edition: editionOf(),
      position: formatPosition(this.tape.head),
      more: end >= 0,
      items: end < 0 ? rows : rows.slice(0, end),
    };
    this.#past[at]?.push(snapshot);
    return snapshot;
  }

  /** One that a cache may still have. */
  stale(at: number): Snapshot | undefined {
    const past = this.#past[at]?.slice(-8) ?? [];
    return past.length > 0 ? this.#dice.pick(past) : undefined;
  }

  /** Those near the top, by their time: what happens there, readers see. */
  #newest(): Held[] {
    return this.#items.toSorted((a, b) => (a.item.publishedAt < b.item.publishedAt ? 1 : -1)).slice(0, 40);
  }

  #post(): Held {
    const number = this.#items.length;
    const { publishedAt } = itemOf(this.#dice.whole(0, MINUTES));
    const held: Held = { item: { ...itemOf(number), publishedAt, ...this.#words() }, state: 'published' };
    this.#items.push(held);
    return held;
  }

  #words(): Pick<Item, 'tags' | 'section'> {
    const tags = this.#dice.some(TAGS, this.#dice.whole(0, 2)).map((slug) => ({ slug, name: slug }));
    return { tags, section: this.#dice.pick(SECTIONS) };
  }

  #say({ item, state }: Held): void {
    const shown: Shown =
      state === 'published'
        ? { state, item }
        : state === 'killed'
          ? { state, tombstone: tombstoneOf(item) }
          : { state };
    const { seq, mark: prev } = this.#head;
    const mark = markAfter(prev, item.id, item.revision, `${seq}`);
    const entry: Entry = { seq: seq + 1, prev, mark, id: item.id, revision: item.revision, bulk: false, shown };
    this.tape.append([entry]);
    this.#head = entry;
  }
}

function rankOf(row: Item | Tombstone): string {
  return `${'pinnedUntil' in row && row.pinnedUntil ? 1 : 0} ${row.publishedAt} ${row.id}`;
}

/** In words that a failure can be read from. */
export function wordsOf(row: Item | Tombstone): string {
  const number = Number(row.id.slice(idOf(0).lastIndexOf('-') + 1));
  return 'killedAt' in row
    ? `${number} killed r${row.revision}`
    : `${number} ${row.headline} r${row.revision}${row.pinnedUntil ? ' pinned' : ''}`;
}
