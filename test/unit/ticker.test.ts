import { expect, it } from 'vitest';
import { type Ticker, ticker, waiting } from '../../shared/ticker.ts';
import { itemOf } from '../support/log.ts';
import { markupOf, textOf } from '../support/markup.ts';
import { editionOf } from '../support/newsroom.ts';

/** 5 January 2026, 19:40 in Kyiv. */
const NOW = Date.UTC(2026, 0, 5, 17, 40);

const view = (fields: Partial<Ticker> = {}): Ticker => ({
  edition: editionOf(),
  entries: [itemOf(1)],
  state: 'live',
  asOf: NOW,
  now: NOW,
  heading: undefined,
  language: undefined,
  ...fields,
});
const text = (fields?: Partial<Ticker>) => textOf((h) => ticker(h, view(fields)));
const markup = (fields?: Partial<Ticker>) => markupOf((h) => ticker(h, view(fields)));
const published = (number: number, publishedAt: string) => itemOf(number, { publishedAt });
const days = (fields: Partial<Ticker>) =>
  [...markup(fields).matchAll(/<li class="day"><time datetime="([^"]+)">([^<]+)/g)].map(([, day, said]) => [day, said]);

it('has a heading, the state in words, the rows, and the zone', () => {
  expect(text()).toBe('Recent news Live10:01 Headline 1 Kyiv time ');
  expect(text({ heading: 'Floods' })).toMatch(/^Floods Live/);
  expect(markup({ heading: 'Floods' })).toContain('aria-label="Floods"');
});

it('has no heading of its own where the page says it, and is named all the same', () => {
  expect(markup({ heading: '' })).not.toContain('<h2');
  expect(markup({ heading: '' })).toContain('aria-label="Recent news"');
});

it('says of what time the rows are while they are not live', () => {
  expect(text({ state: 'reconnecting' })).toContain('As of 19:40. Reconnecting…');
  expect(text({ state: 'connecting' })).toContain('As of 19:40.1');
  const yesterday = NOW - 86_400_000;
  expect(text({ state: 'reconnecting', asOf: yesterday })).toContain('As of 19:40, 4 January. Reconnecting…');
});

it('links to all news only when there is an address', () => {
  expect(markup()).not.toContain('href');
  const edition = editionOf({ allUrl: 'https://news.example/all' });
  expect(markup({ edition })).toContain('<a class="all" href="https://news.example/all">All news');
});

it('says that there are no headlines yet', () => {
  expect(text({ entries: [] })).toContain('No headlines yet');
  expect(markup({ entries: [] })).not.toContain('<ol');
});

it('says the day above the first row unless it is today, and where it changes', () => {
  const today = published(5, '2026-01-05T06:00:00.000Z');
  const yesterday = published(4, '2026-01-04T21:59:00.000Z');
  const friday = published(3, '2026-01-02T10:00:00.000Z');
  const lastYear = published(2, '2025-12-30T10:00:00.000Z');
  expect(days({ entries: [today] })).toStrictEqual([]);
  expect(days({ entries: [today, yesterday, friday, lastYear] })).toStrictEqual([
    ['2026-01-04', 'Yesterday, 4 January'],
    ['2026-01-02', 'Friday, 2 January'],
    ['2025-12-30', 'Tuesday, 30 December 2025'],
  ]);
  expect(days({ entries: [yesterday] })).toStrictEqual([['2026-01-04', 'Yesterday, 4 January']]);
});

it('says "today" again below what is pinned from another day', () => {
  const pinned = { ...published(2, '2026-01-04T10:00:00.000Z'), pinnedUntil: '2026-01-06T10:00:00.000Z' };
  const entries = [pinned, published(5, '2026-01-05T10:00:00.000Z'), published(4, '2026-01-04T11:00:00.000Z')];
  expect(days({ entries }).map(([, said]) => said)).toStrictEqual([
    'Yesterday, 4 January',
    'Today, 5 January',
    'Yesterday, 4 January',
  ]);
});

it('changes the day at midnight of the zone', () => {
  const late = published(5, '2026-01-05T21:59:00.000Z');
  const now = Date.UTC(2026, 0, 5, 22, 0);
  expect(days({ entries: [late], now: now - 1 })).toStrictEqual([]);
  expect(days({ entries: [late], now })).toStrictEqual([['2026-01-05', 'Yesterday, 5 January']]);
});

it('says the days in the language of the words, with a capital', () => {
  const entries = [published(3, '2026-01-02T10:00:00.000Z')];
  expect(days({ entries, edition: editionOf({ language: 'uk' }) })[0]?.[1]).toBe('Пʼятниця, 2 січня');
  expect(days({ entries, language: 'ru' })[0]?.[1]).toBe('Пятница, 2 января');
});

it('lets only the newest flash look like one, wherever it stands', () => {
  const flash = (number: number) => itemOf(number, { urgency: 1 });
  const pinned = { ...flash(1), pinnedUntil: '2026-01-06T10:00:00.000Z' };
  const html = markup({ entries: [pinned, itemOf(9), flash(8), flash(7)] });
  expect([...html.matchAll(/class="row (\w+)"/g)].map(([, rank]) => rank)).toStrictEqual([
    'urgent',
    'routine',
    'flash',
    'urgent',
  ]);
});

it('is a frame with a heading until there is something to show', () => {
  const html = markupOf((h) => waiting(h, 'uk', undefined));
  expect(html).toContain('Останні новини');
  expect(html).toContain('З’єднуємося…');
});

it('says that it is paused, but not while it is not even live', () => {
  const state = (fields: Partial<Ticker>) => textOf((h) => ticker(h, view(fields), { paused: true }));
  expect(state({})).toContain('Recent news Paused');
  expect(state({ state: 'reconnecting' })).toContain('As of 19:40. Reconnecting…');
});
