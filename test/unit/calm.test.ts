import { beforeEach, describe, expect, it } from 'vitest';
import { type Calm, keepCalm } from '../../client/widget/calm.ts';
import type { Entry } from '../../shared/row.ts';
import { apply, type Rows, rowsOf } from '../../shared/rows.ts';
import type { Message } from '../../shared/wire.ts';
import { idOf, itemOf } from '../support/log.ts';
import { positionOf, snapshotOf, tombstoneOf } from '../support/newsroom.ts';

const NOW = Date.UTC(2026, 0, 5, 10);

let calm: Calm;
let rows: Rows;

beforeEach(() => {
  calm = keepCalm();
  rows = rowsOf(snapshotOf([itemOf(3), itemOf(2), itemOf(1)], 1));
  show(true);
});

const show = (free: boolean, now = NOW, count = 3) => calm(rows, count, now, free);
const names = (entries: readonly Entry[]) =>
  entries.map((entry) => ('headline' in entry ? entry.headline : 'killedAt' in entry ? 'killed' : 'gap'));
let seq = 1;
const happens = (...messages: object[]) => {
  for (const message of messages)
    rows = apply(rows, { position: positionOf(++seq), ...message } as unknown as Message).rows;
};
const comes = (number: number, fields = {}) => ({ type: 'item', item: itemOf(number, fields) });

it('shows what there is while nobody reads', () => {
  happens(comes(4));
  expect(names(show(true).entries)).toStrictEqual(['Headline 4', 'Headline 3', 'Headline 2']);
});

describe('while somebody reads', () => {
  it('lets what is new wait, and counts it', () => {
    happens(comes(4), comes(5));
    const shown = show(false);
    expect(names(shown.entries)).toStrictEqual(['Headline 3', 'Headline 2', 'Headline 1']);
    expect(shown.waiting).toBe(2);
    expect(names(show(true).entries)).toStrictEqual(['Headline 5', 'Headline 4', 'Headline 3']);
    expect(show(false).waiting).toBe(0);
  });

  it('corrects and kills in place, and leaves a gap where a row was held', () => {
    happens(
      comes(3, { revision: 2, headline: 'Corrected' }),
      { type: 'kill', ...tombstoneOf(itemOf(2, { revision: 2 })) },
      { type: 'hold', id: idOf(1), revision: 2 },
    );
    expect(names(show(false).entries)).toStrictEqual(['Corrected', 'killed', 'gap']);
    happens(comes(1, { revision: 3 }));
    expect(names(show(false).entries)).toStrictEqual(['Corrected', 'killed', 'Headline 1']);
  });

  it('keeps a pinned row where it is, and the pin off a row whose pin has ended', () => {
    happens(comes(1, { revision: 2, pinnedUntil: '2026-01-05T12:00:00.000Z' }));
    const place = () => show(false, NOW).entries.at(-1);
    expect(place()).toMatchObject({ headline: 'Headline 1', pinnedUntil: '2026-01-05T12:00:00.000Z' });
    expect(show(false, Date.UTC(2026, 0, 5, 12)).entries.at(-1)).not.toHaveProperty('pinnedUntil');
  });

  it('tells the days by the time at which the reader began', () => {
    expect(show(false, NOW + 86_400_000).now).toBe(NOW);
    expect(show(true, NOW + 86_400_000).now).toBe(NOW + 86_400_000);
  });

  it('shows no text of which nothing is known any more', () => {
    for (let number = 4; number < 80; number++) happens(comes(number));
    const shown = show(false);
    expect(names(shown.entries)).toStrictEqual(['gap', 'gap', 'gap']);
    expect(shown.waiting).toBeGreaterThan(29);
  });

  it('does not count what only filled up from below, nor what was withdrawn before it was seen', () => {
    happens({ type: 'hold', id: idOf(3), revision: 2 }, comes(0));
    happens(comes(4), { type: 'kill', ...tombstoneOf(itemOf(4, { revision: 2 })) });
    expect(show(false).waiting).toBe(0);
  });
});

it('counts nothing that has not come, however old a pin is', () => {
  const pin = itemOf(0, { pinnedUntil: new Date(NOW + 60_000).toISOString() });
  rows = rowsOf(snapshotOf([pin, itemOf(3), itemOf(2), itemOf(1)], 1));
  show(true);
  expect(show(false).waiting).toBe(0);
});

it('shows the first rows at once, whatever the reader does', () => {
  calm = keepCalm();
  expect(names(show(false).entries)).toStrictEqual(['Headline 3', 'Headline 2', 'Headline 1']);
});
