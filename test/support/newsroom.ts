import type { Item, Tombstone } from '../../shared/item.ts';
import { formatPosition } from '../../shared/position.ts';
import type { EditionInfo, Message, Snapshot } from '../../shared/wire.ts';
import { itemOf } from './log.ts';

/** An edition as readers know it. */
export function editionOf(fields: Partial<EditionInfo> = {}): EditionInfo {
  return {
    id: 'en',
    name: 'English',
    language: 'en',
    direction: 'ltr',
    timeZone: 'Europe/Kyiv',
    zoneLabel: 'Kyiv time',
    allUrl: '',
    ...fields,
  };
}

/** A position; its mark follows its number. */
export function positionOf(seq: number, epoch = 'one'): string {
  return formatPosition({ epoch, seq, mark: String(seq).padStart(12, '0') });
}

export function snapshotOf(items: Snapshot['items'], seq: number, fields: Partial<Snapshot> = {}): Snapshot {
  return { edition: editionOf(), position: positionOf(seq), more: false, items, ...fields };
}

interface Entry {
  item: Item;
  state: 'published' | 'withheld' | 'killed';
}

/** The plainest newsroom: what it shows is worked out anew from all it ever published, each time. */
export class ModelNewsroom {
  readonly entries: Entry[] = [];
  seq = 0;

  /** Published out of order when `minute` is lower than that of others, as a released item is. */
  publish(minute: number): Message {
    const number = this.entries.length;
    const { publishedAt } = itemOf(minute);
    return this.#say({ item: { ...itemOf(number), publishedAt }, state: 'published' });
  }

  /** Any act on a published item; undefined where a newsroom would refuse. */
  act(at: number, act: 'amend' | 'hold' | 'release' | 'kill' | 'pin' | 'unpin'): Message | undefined {
    const entry = this.entries[at];
    if (!entry || entry.state === 'killed' || (act === 'release') === (entry.state === 'published')) return undefined;
    const { pinnedUntil, ...rest } = entry.item;
    const item = { ...rest, revision: rest.revision + 1 };
    const pinned = act === 'pin' ? '2026-01-06T08:00:00.000Z' : pinnedUntil;
    const stays = act === 'unpin' || act === 'kill' || pinned === undefined;
    this.entries.splice(at, 1);
    return this.#say(
      {
        item: stays ? item : { ...item, pinnedUntil: pinned },
        state: act === 'hold' ? 'withheld' : act === 'kill' ? 'killed' : act === 'release' ? 'published' : entry.state,
      },
      at,
    );
  }

  /** All that readers may see: pinned first, then the newest. */
  rows(): (Item | Tombstone)[] {
    return this.entries
      .filter(({ state }) => state !== 'withheld')
      .map((entry) => (entry.state === 'killed' ? tombstoneOf(entry.item) : entry.item))
      .sort((a, b) => rank(b).localeCompare(rank(a)));
  }

  /** The first `count` items, and the tombstones above the last of them. */
  listed(count: number): (Item | Tombstone)[] {
    const rows = this.rows();
    const texts = rows.filter((row) => !('killedAt' in row)).slice(0, count);
    return texts.length < count ? rows : rows.slice(0, rows.indexOf(texts.at(-1) as Item) + 1);
  }

  /** `limit` unpinned items, with the pinned ones and the tombstones between besides. */
  snapshot(limit: number): Snapshot {
    const rows = this.rows();
    let items = 0;
    const end = rows.findIndex((row) => !('killedAt' in row) && !row.pinnedUntil && ++items > limit);
    return snapshotOf(end < 0 ? rows : rows.slice(0, end), this.seq, { more: end >= 0 });
  }

  #say(entry: Entry, at = this.entries.length): Message {
    this.entries.splice(at, 0, entry);
    const position = positionOf(++this.seq);
    const { item, state } = entry;
    if (state === 'published') return { type: 'item', position, item };
    if (state === 'killed') return { type: 'kill', position, ...tombstoneOf(item) };
    return { type: 'hold', position, id: item.id, revision: item.revision };
  }
}

function rank(row: Item | Tombstone): string {
  return `${'pinnedUntil' in row && row.pinnedUntil ? 1 : 0} ${row.publishedAt} ${row.id}`;
}

export function tombstoneOf({ id, edition, revision, publishedAt }: Item): Tombstone {
  return { id, edition, revision, publishedAt, killedAt: '2026-01-05T12:00:00.000Z', notice: 'Not confirmed.' };
}
