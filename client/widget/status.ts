import type { H } from '../../shared/hyper.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { type Entry, isFlash, isItem, putsRight, row, type Setting } from '../../shared/row.ts';
import type { Change } from './changes.ts';
import { later, type World } from './world.ts';

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

export interface Status {
  take(changes: readonly Change[], mode: Mode): void;
  /** Made of the entries as they are now, so that nothing is said that is not true any more. */
  text(entries: ReadonlyMap<string, Entry>, setting: Setting): string;
  stop(): void;
}

/** What is said aloud to those who listen to the page: little, in the page's words, and never what has been killed since. */
export function statusOf(world: World, changed: () => void): Status {
  /** Those that were said word by word: whoever heard the mistake must hear the correction. */
  const told = new Set<string>();
  let saying: string[] = [];
  let sayingCount = 0;
  let next: string[] = [];
  let count = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  let due = Number.POSITIVE_INFINITY;

  const say = (ids: string[], number: number) => {
    saying = ids;
    sayingCount = number;
    changed();
  };
  const sayAt = (at: number) => {
    if (due <= at) return;
    due = at;
    sayAfter(at - world.now());
  };
  const sayAfter = later(world, () => {
    const now = world.now();
    const ids = [...new Set(next)];
    let number = 0;
    due = Number.POSITIVE_INFINITY;
    next = [];
    for (const id of ids) told.add(id);
    for (const id of told) if (told.size > MOST_TOLD) told.delete(id);
    if (count > 0 && now < countedAt + COUNTS_EVERY) sayAt(countedAt + COUNTS_EVERY);
    else if (count > 0) [number, count, countedAt] = [count, 0, now];
    silentAfter(SAID_AFTER);
    say(ids, number);
  });
  const silentAfter = later(world, () => say([], 0));

  return {
    take(changes, mode) {
      if (mode === 'off') return;
      for (const { entry, before } of changes) {
        const fresh = before === 0 && isItem(entry);
        if (fresh ? inFull(entry, mode) : told.has(entry.id) && isPutRight(entry, before)) next.push(entry.id);
        else if (fresh && mode === 'counts') count += 1;
      }
      const soon = world.now() + TOGETHER;
      if (next.length > 0) sayAt(soon);
      else if (count > 0) sayAt(Math.max(soon, countedAt + COUNTS_EVERY));
    },
    text(entries, setting) {
      const lines = saying.map((id) => {
        const entry = entries.get(id);
        return entry && row(spoken, entry, setting, isFlash(entry));
      });
      if (sayingCount > 0) lines.push(setting.words.newHeadlines(sayingCount));
      return lines.filter(Boolean).join(' ');
    },
    stop() {
      sayAfter();
      silentAfter();
    },
  };
}

/** A flash is said whatever is chosen, but for nothing at all. */
function inFull({ urgency }: Item, mode: Mode): boolean {
  return urgency === 1 || mode === 'all' || (mode === 'urgent' && urgency <= 3);
}

function isPutRight(entry: Item | Tombstone, before: number): boolean {
  return !isItem(entry) || entry.amendments.some((each) => each.revision > before && putsRight(each));
}

/** The text of a row alone. */
const spoken: H<string> = (_tag, _props, ...children) => children.flat(9).join('');
