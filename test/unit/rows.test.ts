import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, Tombstone } from '../../shared/item.ts';
import { type Applied, apply, HELD, listed, type Rows, rowsOf, SHOWN } from '../../shared/rows.ts';
import type { Message } from '../../shared/wire.ts';
import { idOf, itemOf } from '../support/log.ts';
import { ModelNewsroom, positionOf, snapshotOf, tombstoneOf } from '../support/newsroom.ts';

const PIN = { pinnedUntil: '2026-01-05T20:00:00.000Z' };

/** Items of these numbers, newest first. */
const items = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => itemOf(from - at));
const item = (seq: number, of: Item): Message => ({ type: 'item', position: positionOf(seq), item: of });
const hold = (seq: number, number: number, revision = 2): Message => ({
  type: 'hold',
  position: positionOf(seq),
  id: idOf(number),
  revision,
});
const kill = (seq: number, number: number, revision = 2): Message => ({
  type: 'kill',
  position: positionOf(seq),
  ...tombstoneOf(itemOf(number, { revision })),
});

const names = (rows: readonly (Item | Tombstone)[]) => rows.map((row) => ('killedAt' in row ? '[gone]' : row.headline));
const shown = (rows: Rows, count?: number) => names(listed(rows, count));
const numbers = (from: number, to: number) => names(items(from, to));
const told = (rows: Rows, ...messages: Message[]) => messages.reduce((held, each) => apply(held, each).rows, rows);

describe('what is listed', () => {
  it('is the ten newest, whatever order they came in', () => {
    const rows = rowsOf(snapshotOf([], 0));
    const [a, b, c] = [itemOf(1), itemOf(2), itemOf(3)];
    expect(shown(told(rows, item(1, b), item(2, c), item(3, a)))).toStrictEqual(numbers(3, 1));
    expect(shown(rowsOf(snapshotOf(items(25, 1), 1)))).toStrictEqual(numbers(25, 16));
  });

  it('puts the greater id first within one time', () => {
    const { publishedAt } = itemOf(5);
    const rows = rowsOf(snapshotOf([itemOf(1, { publishedAt }), itemOf(2, { publishedAt }), itemOf(6)], 1));
    expect(shown(rows)).toStrictEqual(['Headline 6', 'Headline 2', 'Headline 1']);
  });

  it('puts pinned items first, newest first, and counts them among the ten', () => {
    const rows = rowsOf(snapshotOf([itemOf(3, PIN), itemOf(1, PIN), ...items(30, 10)], 1));
    expect(shown(rows)).toStrictEqual(['Headline 3', 'Headline 1', ...numbers(30, 23)]);
  });

  it('shows a tombstone at its place, besides the ten, but none below the last of them', () => {
    const gone = [20, 11, 10].map((number) => tombstoneOf(itemOf(number)));
    const rows = rowsOf(snapshotOf([...items(21, 21), ...items(19, 12), ...items(9, 1), ...gone], 1));
    expect(shown(rows)).toStrictEqual(['Headline 21', '[gone]', ...numbers(19, 12), '[gone]', '[gone]', 'Headline 9']);
    expect(shown(rows, 9).at(-1)).toBe('Headline 12');
  });

  it('ends with tombstones only where there is nothing older', () => {
    const rows = rowsOf(snapshotOf([itemOf(2), tombstoneOf(itemOf(1))], 1));
    expect(shown(rows)).toStrictEqual(['Headline 2', '[gone]']);
  });
});

describe('an item', () => {
  const rows = rowsOf(snapshotOf(items(3, 1), 5));

  it('that is new goes on top', () => {
    expect(shown(apply(rows, item(6, itemOf(4))).rows)).toStrictEqual(numbers(4, 1));
  });

  it('replaces its earlier revision at the same place, and never its later one', () => {
    const later = told(rows, item(6, itemOf(2, { revision: 3, headline: 'third' })));
    expect(shown(later)).toStrictEqual(['Headline 3', 'third', 'Headline 1']);
    const again = told(later, item(7, itemOf(2, { revision: 2, headline: 'second' })));
    expect(shown(again)).toStrictEqual(['Headline 3', 'third', 'Headline 1']);
    expect(again.position).toBe(positionOf(7));
  });

  it('moves to the top when it is pinned and back when that ends', () => {
    const pinned = told(rows, item(6, itemOf(1, { revision: 2, ...PIN })));
    expect(shown(pinned)).toStrictEqual(['Headline 1', 'Headline 3', 'Headline 2']);
    expect(shown(told(pinned, item(7, itemOf(1, { revision: 3 }))))).toStrictEqual(numbers(3, 1));
  });

  it('does not change the rows that others hold', () => {
    told(rows, item(6, itemOf(9)), kill(7, 3), hold(8, 2));
    expect(shown(rows)).toStrictEqual(numbers(3, 1));
  });
});

describe('a hold', () => {
  const rows = rowsOf(snapshotOf(items(3, 1), 5));

  it('takes the item out, and a release puts it back at its place', () => {
    const held = told(rows, hold(6, 2));
    expect(shown(held)).toStrictEqual(['Headline 3', 'Headline 1']);
    expect(shown(told(held, item(7, itemOf(2, { revision: 3 }))))).toStrictEqual(numbers(3, 1));
  });

  it('of a revision that is not newer than ours, or of an unknown item, changes only the position', () => {
    for (const message of [hold(6, 2, 1), hold(6, 77)]) {
      const after = apply(rows, message);
      expect(after).toStrictEqual({ rows: { ...rows, position: positionOf(6) } });
    }
  });
});

describe('a kill', () => {
  const rows = rowsOf(snapshotOf(items(3, 1), 5));

  it('leaves a tombstone without a text at the place of the item', () => {
    const { rows: after } = apply(rows, kill(6, 2));
    expect(shown(after)).toStrictEqual(['Headline 3', '[gone]', 'Headline 1']);
    expect(JSON.stringify([...after.entries])).not.toContain('Headline 2');
    expect(after.entries.get(idOf(2))).toStrictEqual(tombstoneOf(itemOf(2, { revision: 2 })));
  });

  it('is for ever: no older revision brings the item back', () => {
    const killed = told(rows, kill(6, 2, 3));
    expect(shown(told(killed, item(7, itemOf(2, { revision: 2 }))))).toStrictEqual(shown(killed));
  });

  it('takes a pinned item back to the place of its publication', () => {
    const pinned = rowsOf(snapshotOf([itemOf(1, PIN), itemOf(3), itemOf(2)], 5));
    expect(shown(told(pinned, kill(6, 1)))).toStrictEqual(['Headline 3', 'Headline 2', '[gone]']);
  });

  it('of an unknown item shows in an edition, and in a view changes nothing', () => {
    expect(shown(told(rows, kill(6, 9)))).toStrictEqual(['[gone]', ...numbers(3, 1)]);
    const view = rowsOf(snapshotOf(items(3, 1), 5), true);
    expect(shown(told(view, kill(6, 9)))).toStrictEqual(numbers(3, 1));
    expect(shown(told(view, kill(6, 2)))).toStrictEqual(['Headline 3', '[gone]', 'Headline 1']);
  });
});

describe('the floor', () => {
  const rows = rowsOf(snapshotOf([itemOf(2, PIN), ...items(60, 60 - HELD + 1)], 5, { more: true }));

  it('keeps out what is below it, so that a released old item does not float', () => {
    expect(shown(told(rows, item(6, itemOf(4))), 99)).not.toContain('Headline 4');
    expect(shown(told(rows, kill(6, 4)), 99)).not.toContain('[gone]');
  });

  it('lets in what is just above it, and pinned items from below it', () => {
    const last = itemOf(31);
    const above = itemOf(900, { publishedAt: last.publishedAt });
    expect(shown(told(rows, item(6, above)), 99)).toContain('Headline 900');
    expect(shown(told(rows, item(6, itemOf(4, PIN))))[0]).toBe('Headline 4');
  });

  it('is not a pinned item, and takes that away once its pin ends', () => {
    expect(shown(told(rows, item(6, itemOf(2, { revision: 2 }))), 99)).not.toContain('Headline 2');
  });

  it('is absent where the snapshot holds all there is', () => {
    const all = rowsOf(snapshotOf(items(5, 4), 5));
    expect(shown(told(all, item(6, itemOf(1))))).toStrictEqual(['Headline 5', 'Headline 4', 'Headline 1']);
  });

  it('rises when twice as many rows are held as needed', () => {
    let all = rowsOf(snapshotOf([itemOf(0, PIN)], 0));
    for (let number = 1; number <= 2 * HELD; number++) all = told(all, item(number, itemOf(number)));
    expect(all.entries.size).toBe(2 * HELD + 1);
    all = told(all, item(100, itemOf(100)), item(101, itemOf(1, { revision: 2 })));
    expect(all.entries.size).toBe(HELD + 1);
    expect(shown(all)).toStrictEqual(['Headline 0', 'Headline 100', ...numbers(60, 53)]);
  });
});

describe('a snapshot is wanted', () => {
  const few = items(40, 40 - SHOWN + 1);

  it('when fewer than ten are left and older ones exist', () => {
    const rows = rowsOf(snapshotOf(few, 5, { more: true }));
    expect(apply(rows, hold(6, 35)).load).toStrictEqual({ min: positionOf(6) });
    expect(apply(rows, kill(6, 35)).load).toStrictEqual({ min: positionOf(6) });
    expect(apply(rows, item(6, itemOf(41))).load).toBeUndefined();
    expect(apply(rowsOf(snapshotOf(few, 5)), hold(6, 35)).load).toBeUndefined();
  });

  it('for a reset, from its position', () => {
    const rows = rowsOf(snapshotOf(few, 5));
    const reset: Message = { type: 'reset', position: positionOf(2, 'two'), reason: 'epoch' };
    expect(apply(rows, reset)).toStrictEqual({ rows, load: { min: positionOf(2, 'two') } });
  });

  it('for a message of another epoch, which changes nothing', () => {
    const rows = rowsOf(snapshotOf(few, 5));
    const stranger: Message = { type: 'item', position: positionOf(9, 'two'), item: itemOf(99) };
    expect(apply(rows, stranger)).toStrictEqual({ rows, load: { min: positionOf(9, 'two') } });
  });
});

describe('messages', () => {
  const rows = rowsOf(snapshotOf(items(3, 1), 5));

  it('at or before the position change nothing, so that two sockets may overlap', () => {
    for (const message of [item(5, itemOf(9)), hold(4, 3), kill(5, 3)])
      expect(apply(rows, message)).toStrictEqual({ rows });
  });

  it('that only tell the position move it', () => {
    const beat: Message = { type: 'beat', position: positionOf(8), at: '2026-01-05T10:00:00.000Z' };
    expect(apply(rows, beat)).toStrictEqual({ rows: { ...rows, position: positionOf(8) } });
  });

  it('of the future are ignored, with a position or without', () => {
    const unknown = [{ type: 'weather' }, { type: 'weather', position: positionOf(6) }] as unknown as Message[];
    for (const message of unknown) {
      const { load, rows: after } = apply(rows, message);
      expect(load).toBeUndefined();
      expect(after.entries).toBe(rows.entries);
    }
    expect(apply(rows, { type: 'goaway', afterMs: 10 })).toStrictEqual({ rows });
  });

  it('of greeting bring rows only with a snapshot', () => {
    const hello: Message = { type: 'hello', edition: 'en', position: positionOf(9), heartbeatMs: 1000 };
    expect(apply(rows, hello)).toStrictEqual({ rows });
    const greeted = apply(rows, { ...hello, snapshot: snapshotOf(items(8, 7), 9) });
    expect(shown(greeted.rows)).toStrictEqual(['Headline 8', 'Headline 7']);
  });
});

/** A reader that is given its snapshot as late as may be: `lag` messages after it was told to load one. */
class Reader {
  #rows: Rows;
  /** How many messages the snapshot is still away. */
  #away: number | undefined;
  readonly #newsroom: ModelNewsroom;
  readonly #lag: number;

  constructor(newsroom: ModelNewsroom, lag: number) {
    this.#newsroom = newsroom;
    this.#lag = lag;
    this.#rows = rowsOf(newsroom.snapshot(HELD));
  }

  hear(message: Message): void {
    const { rows, load }: Applied = apply(this.#rows, message);
    this.#rows = rows;
    if (load) this.#away ??= this.#lag;
    if (this.#away === undefined || this.#away-- > 0) return;
    this.#away = undefined;
    this.#rows = rowsOf(this.#newsroom.snapshot(HELD));
  }

  get loading(): boolean {
    return this.#away !== undefined;
  }

  get listed(): (Item | Tombstone)[] {
    return listed(this.#rows);
  }
}

const acts = ['amend', 'hold', 'release', 'kill', 'pin', 'unpin'] as const;
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ publish: fc.nat(250) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom(...acts), on: fc.nat(99) }) },
  // Enough of these that a reader runs short of rows.
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('hold', 'kill'), on: fc.nat(30) }) },
);

it('shows what the newsroom shows, however it came to hold it', () => {
  const story = fc.record({
    before: fc.nat(80),
    steps: fc.array(step, { minLength: 50, maxLength: 150, size: 'max' }),
    lag: fc.nat(6),
  });
  fc.assert(
    fc.property(story, ({ before, steps, lag }) => {
      const newsroom = new ModelNewsroom();
      for (let number = 0; number < before; number++) newsroom.publish(number * 3);
      const reader = new Reader(newsroom, lag);
      for (const each of steps) {
        const at = 'on' in each ? Math.max(0, newsroom.entries.length - 1 - each.on) : 0;
        const message = 'on' in each ? newsroom.act(at, each.act) : newsroom.publish(each.publish);
        if (message) reader.hear(message);
        if (!reader.loading) expect(names(reader.listed)).toStrictEqual(names(newsroom.listed(SHOWN)));
      }
    }),
    { numRuns: 100 },
  );
});
