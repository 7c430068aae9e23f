import type { Cut, Entry, Shown } from '../../server/engine.ts';
import { markAfter } from '../../server/engine.ts';
import type { Item } from '../../shared/item.ts';
import { GENESIS, type Position } from '../../shared/position.ts';

/** An id that tells its number, so that failures are readable. */
export function idOf(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** An item as an engine gives it. `number` also moves its time, a minute each. */
export function itemOf(number: number, fields: Partial<Item> = {}): Item {
  const at = new Date(Date.UTC(2026, 0, 5, 8, number)).toISOString();
  return {
    id: idOf(number),
    edition: 'en',
    revision: 1,
    headline: `Headline ${number}`,
    tags: [],
    sources: [],
    urgency: 5,
    publishedAt: at,
    significantAt: at,
    revisedAt: at,
    amendments: [],
    ...fields,
  };
}

/** A log in memory with a true chain of marks, to script what a tape or a follower meets. */
export class ScriptedLog {
  epoch: string;
  entries: Entry[] = [];

  constructor(epoch = 'epoch0') {
    this.epoch = epoch;
  }

  get head(): Position {
    const { seq, mark } = this.entries.at(-1) ?? { seq: 0, mark: GENESIS };
    return { epoch: this.epoch, seq, mark };
  }

  publish(item: Item, bulk = false): Entry {
    return this.#append(item.id, item.revision, { state: 'published', item }, bulk);
  }

  hold(id: string, revision: number): Entry {
    return this.#append(id, revision, { state: 'withheld' });
  }

  kill(id: string, revision: number): Entry {
    const at = new Date(Date.UTC(2026, 0, 5, 9)).toISOString();
    const tombstone = { id, edition: 'en', revision, publishedAt: at, killedAt: at, notice: 'Not confirmed.' };
    return this.#append(id, revision, { state: 'killed', tombstone });
  }

  /** One cut as an engine reads it: superseded entries are empty. */
  read(after: number | undefined, limit: number): Cut {
    const newest = new Map(this.entries.map((entry) => [entry.id, entry.revision]));
    const entries = this.entries
      .filter((entry) => entry.seq > (after ?? 0))
      .slice(0, limit)
      .map((entry) => (newest.get(entry.id) === entry.revision ? entry : { ...entry, shown: undefined }));
    const { seq, mark } = this.head;
    return { epoch: this.epoch, head: { seq, mark }, entries };
  }

  #append(id: string, revision: number, shown: Shown, bulk = false): Entry {
    const { seq, mark: prev } = this.head;
    const entry = {
      seq: seq + 1,
      prev,
      mark: markAfter(prev, id, revision, `digest ${Math.random()}`),
      id,
      revision,
      bulk,
      shown,
    };
    this.entries.push(entry);
    return entry;
  }
}
