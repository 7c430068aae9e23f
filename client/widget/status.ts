import type { H } from '../../shared/hyper.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { type Entry, isFlash, isItem, row, type Setting } from '../../shared/row.ts';
import type { Change } from './changes.ts';
import type { World } from './world.ts';

export const MODES = ['off', 'counts', 'urgent', 'all'] as const;
export type Mode = (typeof MODES)[number];

/** How often a mere number may be said. */
const COUNTS_EVERY = 30_000;
/** Changes come in bursts; what comes within this is said in one go. */
const TOGETHER = 500;
/** By then it has been said, and nobody should find it later as if it were new. */
const SAID_AFTER = 10_000;

/** What was said is remembered of so many, the newest. */
const MOST_TOLD = 200;

/** What is said aloud to those who listen to the page: little, in the page's words, and never what has been killed since. */
export class Status {
  readonly #world: World;
  readonly #changed: () => void;
  /** Those that were said word by word: whoever heard the mistake must hear the correction. */
  readonly #told = new Set<string>();
  #saying: string[] = [];
  #sayingCount = 0;
  #next = new Set<string>();
  #count = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #due: { at: number; cancel: () => void } | undefined;
  #cancelEnd = () => {};

  constructor(world: World, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
  }

  take(changes: readonly Change[], mode: Mode): void {
    if (mode === 'off') return;
    for (const { entry, before } of changes) {
      const { id } = entry;
      const fresh = before === 0 && isItem(entry);
      if (fresh ? inFull(entry, mode) : this.#told.has(id) && isPutRight(entry, before)) this.#next.add(id);
      else if (fresh && mode === 'counts') this.#count += 1;
    }
    if (this.#next.size > 0) this.#sayAt(this.#world.now() + TOGETHER);
    else if (this.#count > 0) this.#sayAt(Math.max(this.#world.now() + TOGETHER, this.#countedAt + COUNTS_EVERY));
  }

  /** Made of the entries as they are now, so that nothing is said that is not true any more. */
  text(entries: ReadonlyMap<string, Entry>, setting: Setting): string {
    const lines = this.#saying.map((id) => {
      const entry = entries.get(id);
      return entry && row(spoken, entry, setting, isFlash(entry));
    });
    if (this.#sayingCount > 0) lines.push(setting.words.newHeadlines(this.#sayingCount));
    return lines.filter(Boolean).join(' ');
  }

  stop(): void {
    this.#due?.cancel();
    this.#cancelEnd();
  }

  #sayAt(at: number): void {
    if (this.#due && this.#due.at <= at) return;
    this.#due?.cancel();
    this.#due = { at, cancel: this.#world.after(at - this.#world.now(), () => this.#say()) };
  }

  #say(): void {
    const now = this.#world.now();
    this.#due = undefined;
    this.#saying = [...this.#next];
    for (const id of this.#next) this.#told.add(id);
    for (const id of this.#told) if (this.#told.size > MOST_TOLD) this.#told.delete(id);
    this.#next.clear();
    this.#sayingCount = 0;
    if (now >= this.#countedAt + COUNTS_EVERY && this.#count > 0) {
      this.#sayingCount = this.#count;
      this.#count = 0;
      this.#countedAt = now;
    } else if (this.#count > 0) this.#sayAt(this.#countedAt + COUNTS_EVERY);
    this.#cancelEnd();
    this.#cancelEnd = this.#world.after(SAID_AFTER, () => {
      this.#saying = [];
      this.#sayingCount = 0;
      this.#changed();
    });
    this.#changed();
  }
}

/** A flash is said whatever is chosen, but for nothing at all. */
function inFull({ urgency }: Item, mode: Mode): boolean {
  return urgency === 1 || mode === 'all' || (mode === 'urgent' && urgency <= 3);
}

function isPutRight(entry: Item | Tombstone, before: number): boolean {
  return (
    !isItem(entry) ||
    entry.amendments.some(
      ({ kind, revision }) => revision > before && (kind === 'correction' || kind === 'clarification'),
    )
  );
}

/** The text of a row alone. */
const spoken: H<string> = (_tag, _props, ...children) => children.flat(9).join('');
