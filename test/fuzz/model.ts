import type { Item, Tombstone } from '../../shared/item.ts';
import { parsePosition } from '../../shared/position.ts';

/** What the newsroom's API answers to what it has done. */
export interface Done {
  state: 'published' | 'withheld' | 'killed';
  item?: Item;
  tombstone?: Tombstone;
  position: string;
}

interface Known {
  state: Done['state'];
  entry: Item | Tombstone;
}

const POSITIONS_KEPT = 200;
const IDS_KEPT = 300;

/** What the server has acknowledged: what each item is, and where the log stood. */
export class Model {
  readonly items = new Map<string, Known>();
  readonly ids: string[] = [];
  readonly positions: string[] = [];
  #head = 0;

  /** The number of the last acknowledged commit to the edition that is read. */
  get head(): number {
    return this.#head;
  }

  acknowledged({ state, item, tombstone, position }: Done): void {
    const entry = item ?? tombstone;
    if (!entry) throw new Error('an answer without an item');
    const known = this.items.get(entry.id);
    if (!known && entry.edition === 'en') keep(this.ids, entry.id, IDS_KEPT);
    if (!known || known.entry.revision < entry.revision) this.items.set(entry.id, { state, entry });
    if (entry.edition !== 'en') return;
    keep(this.positions, position, POSITIONS_KEPT);
    this.#head = Math.max(this.#head, parsePosition(position)?.seq ?? 0);
  }

  /** What readers are to hold: all of the edition, newest first, the pinned ones before. */
  rows(tag?: string): (Item | Tombstone)[] {
    const rows = [...this.items.values()].filter(({ state, entry }) => {
      if (entry.edition !== 'en' || state === 'withheld') return false;
      return tag === undefined || ('tags' in entry && entry.tags.some(({ slug }) => slug === tag));
    });
    return rows.map(({ entry }) => entry).sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
  }
}

function rank(entry: Item | Tombstone): string {
  const pinned = 'pinnedUntil' in entry && entry.pinnedUntil !== undefined;
  return `${pinned ? 1 : 0} ${entry.publishedAt} ${entry.id}`;
}

function keep<T>(list: T[], one: T, most: number): void {
  list.push(one);
  if (list.length > most) list.shift();
}
