import { expect, it } from 'vitest';
import { clockFor } from '../../shared/clock.ts';
import type { H } from '../../shared/hyper.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { row } from '../../shared/row.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import { itemOf } from '../support/log.ts';
import { markupOf, textOf } from '../support/markup.ts';
import { editionOf, tombstoneOf } from '../support/newsroom.ts';

/** Published on 5 January 2026 at 10:40 in Kyiv. */
const ITEM = itemOf(40, { headline: 'Northern line reopens', url: 'https://news.example/line' });

function drawing(entry: Item | Tombstone, edition: EditionInfo, language = edition.language, asFlash = false) {
  const words = wordsFor(language);
  const setting = { edition, words, clock: clockFor(words.locale, edition.timeZone) };
  return <N>(h: H<N>) => row(h, entry, setting, asFlash);
}
const markup = (entry: Item | Tombstone, edition = editionOf(), language?: string, asFlash?: boolean) =>
  markupOf(drawing(entry, edition, language, asFlash));
const text = (entry: Item | Tombstone, edition = editionOf(), language?: string, asFlash?: boolean) =>
  textOf(drawing(entry, edition, language, asFlash));

const amended = (...amendments: Item['amendments']) => ({ ...ITEM, amendments });
const correction = {
  revision: 2,
  kind: 'correction',
  at: '2026-01-05T17:31:00.000Z',
  notice: 'It said two days.',
} as const;
const clarification = { ...correction, revision: 3, kind: 'clarification', at: '2026-01-05T17:40:00.000Z' } as const;
const update = { revision: 4, kind: 'update', at: '2026-01-05T18:55:00.000Z' } as const;
const refile = { ...update, revision: 5, kind: 'refile' } as const;

it('is a list item in the language and direction of its edition, with its time and a linked headline', () => {
  expect(markup(ITEM)).toBe(
    `<li class="row routine" lang="en" dir="ltr" data-id="${ITEM.id}">` +
      '<time class="time" datetime="2026-01-05T08:40:00.000Z" title="Monday, 5 January 2026 at 10:40 · Kyiv time">10:40</time> ' +
      '<div class="story"><p class="headline"><a class="link" href="https://news.example/line">Northern line reopens</a></p> </div>' +
      '</li>',
  );
});

it('tells the time of the zone in 24 hours, whatever the language', () => {
  const midnight = { ...ITEM, publishedAt: '2026-07-05T21:05:00.000Z' };
  expect(text(midnight)).toMatch(/^00:05 /);
  expect(text(midnight, editionOf({ language: 'en-US' }))).toMatch(/^00:05 /);
  expect(text(midnight, editionOf({ timeZone: 'America/New_York' }))).toMatch(/^17:05 /);
});

it('is not linked when the item has no address', () => {
  const { url: _, ...plain } = ITEM;
  expect(markup(plain)).toContain('<p class="headline">Northern line reopens</p>');
});

it('links to the web only, whatever came over the network', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', 'JAVASCRIPT:x'])
    expect(markup({ ...ITEM, url })).not.toContain('<a ');
  expect(markup({ ...ITEM, url: 'HTTPS://news.example/' })).toContain('<a ');
});

it('of a row that is out of view keeps the time alone', () => {
  expect(text({ id: ITEM.id, publishedAt: ITEM.publishedAt } as Item)).toBe('10:40 —');
});

it('writes a headline as text, never as markup', () => {
  expect(markup({ ...ITEM, headline: '<img src=x> & "so on"' })).toContain('&lt;img src=x> &amp; ');
});

it('separates the label from the headline with real text', () => {
  const labelled = { ...ITEM, label: { code: 'explainer', text: 'EXPLAINER' } };
  expect(text(labelled)).toBe('10:40 EXPLAINER: Northern line reopens ');
});

it.each([
  [2, 'urgent'],
  [3, 'urgent'],
  [4, 'routine'],
  [8, 'routine'],
])('of urgency %i is %s', (urgency, rank) => {
  expect(markup({ ...ITEM, urgency })).toContain(`class="row ${rank}"`);
  expect(markup({ ...ITEM, urgency }).includes('<strong>')).toBe(rank === 'urgent');
});

it('says FLASH in words, and only when it is the one to look like it', () => {
  const flash = { ...ITEM, urgency: 1 };
  expect(text(flash, editionOf(), 'en', true)).toBe('10:40 Flash: Northern line reopens ');
  expect(markup(flash, editionOf(), 'en', true)).toContain('class="row flash"');
  expect(text(flash)).toBe('10:40 Northern line reopens ');
  expect(markup(flash)).toContain('class="row urgent"');
});

it('shows a correction with its notice, which a later update does not hide', () => {
  expect(text(amended(correction))).toMatch(/reopens Corrected 19:31 It said two days\.$/);
  expect(text(amended(correction, update, refile))).toMatch(/Corrected 19:31 It said two days\.$/);
});

it('shows the newest of a correction and a clarification', () => {
  expect(text(amended(correction, clarification))).toMatch(/Clarified 19:40 It said two days\.$/);
  expect(text(amended(clarification, { ...correction, revision: 4 }))).toMatch(/Corrected 19:31/);
});

it('shows an update when there is nothing graver, with its notice if it has one', () => {
  expect(text(amended(update, refile))).toMatch(/reopens Updated 20:55$/);
  expect(text(amended({ ...update, notice: 'Adds the timetable.' }))).toMatch(/Updated 20:55 Adds the timetable\.$/);
});

it('does not tell of a refile', () => {
  expect(text(amended(refile))).toBe(text(ITEM));
});

it('says the date of what happened on another day than the row', () => {
  expect(text(amended({ ...correction, at: '2026-01-05T22:10:00.000Z' }))).toContain('Corrected 00:10, 6 January ');
});

it('says until when it is pinned', () => {
  expect(text({ ...ITEM, pinnedUntil: '2026-01-05T19:00:00.000Z' })).toBe(
    '10:40 Northern line reopens Pinned until 21:00 ',
  );
});

it('of a killed item has its times and the notice, and no text or link of it', () => {
  const stone = tombstoneOf(ITEM);
  expect(text(stone)).toBe('10:40 Withdrawn at 14:00. Not confirmed.');
  expect(markup(stone)).toContain('class="row killed"');
  expect(markup(stone)).not.toMatch(/reopens|href/);
  expect(text({ ...stone, notice: '' })).toBe('10:40 Withdrawn at 14:00.');
});

it('marks our words with their language where they are in another one than the edition', () => {
  const crimean = editionOf({ language: 'crh', direction: 'rtl' });
  const html = markup({ ...amended(correction), pinnedUntil: update.at, urgency: 1 }, crimean, 'uk', true);
  expect(html).toContain('lang="crh" dir="rtl"');
  expect(html).toContain('<span class="alarm" lang="uk">Блискавка</span>');
  expect(html).toContain('<span class="pin" lang="uk">Закріплено до 20:55</span>');
  expect(html).toContain('<b lang="uk">Виправлено о 19:31</b>');
  expect(markup(amended(correction), editionOf({ language: 'uk-UA' }))).toContain('<b>Виправлено');
});
