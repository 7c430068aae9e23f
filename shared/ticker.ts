import { clockFor, type Instant } from './clock.ts';
import type { Child, H } from './hyper.ts';
import type { Item, Tombstone } from './item.ts';
import { isFlash, row, type Setting } from './row.ts';
import type { EditionInfo } from './wire.ts';
import { type Words, wordsFor } from './words.ts';

export type State = 'connecting' | 'live' | 'reconnecting';

export interface Ticker {
  edition: EditionInfo;
  entries: readonly (Item | Tombstone)[];
  state: State;
  /** When the rows were last known to be true. */
  asOf: Instant;
  now: Instant;
  /** Absent: "Recent news". Empty: none, for a page whose own heading says it. */
  heading: string | undefined;
  /** Of the words around the headlines. Absent: the edition's. */
  language: string | undefined;
}

/** The whole column. The server's pages and the widget both draw it, so a page does not change when scripts run. */
export function ticker<N>(h: H<N>, view: Ticker): N {
  const { edition, entries, state, asOf, now } = view;
  const words = wordsFor(view.language ?? edition.language);
  const setting: Setting = { edition, words, clock: clockFor(words.locale, edition.timeZone) };
  const told = words.asOf(setting.clock.moment(asOf, now));
  const said = { connecting: told, live: words.live, reconnecting: `${told} ${words.reconnecting}` }[state];
  return column(
    h,
    words,
    view.heading,
    edition.direction,
    head(h, words, view.heading, state, said),
    entries.length === 0
      ? h('p', { class: 'empty' }, words.noHeadlines)
      : h('ol', { class: 'rows', role: 'list' }, rowsByDay(h, entries, now, setting)),
    foot(h, setting),
  );
}

/** What stands in for the column until its first snapshot: ruled lines, so that the page around it does not move. */
export function waiting<N>(h: H<N>, language: string, heading: string | undefined, rows: number): N {
  const words = wordsFor(language);
  const lines = Array.from({ length: rows }, () => h('div', { class: 'row awaited' }));
  return column(h, words, heading, undefined, head(h, words, heading, 'connecting', words.connecting), lines);
}

function column<N>(
  h: H<N>,
  words: Words,
  heading: string | undefined,
  dir: string | undefined,
  ...children: Child<N>[]
): N {
  const label = heading || words.recentNews;
  return h('section', { class: 'motograph', lang: words.language, dir, 'aria-label': label }, ...children);
}

function head<N>(h: H<N>, words: Words, heading: string | undefined, state: State, said: string): N {
  const title = heading ?? words.recentNews;
  return h(
    'header',
    { class: 'head' },
    title ? [h('h2', { class: 'heading' }, title), ' '] : undefined,
    h('p', { class: `state ${state}` }, said),
  );
}

/** A row of its own says the day where it changes, and above the first row unless that is of today. */
function rowsByDay<N>(h: H<N>, entries: Ticker['entries'], now: Instant, setting: Setting): Child<N>[] {
  const { clock } = setting;
  const newestFlash = entries.filter(isFlash).reduce<Item | Tombstone | undefined>(newer, undefined);
  let day = clock.day(now);
  return entries.map((entry) => {
    const same = clock.day(entry.publishedAt) === day;
    day = clock.day(entry.publishedAt);
    return [same ? undefined : dayRow(h, entry, now, setting), row(h, entry, setting, entry === newestFlash)];
  });
}

function newer(a: Item | Tombstone | undefined, b: Item | Tombstone): Item | Tombstone {
  return a && a.publishedAt >= b.publishedAt ? a : b;
}

/** Keyed by its group too: a day can stand among the pinned rows and again among the others. */
function dayRow<N>(h: H<N>, entry: Item | Tombstone, now: Instant, { words, clock }: Setting): N {
  const day = clock.day(entry.publishedAt);
  const today = clock.day(now);
  const near = day === today ? words.today : day === dayBefore(today) ? words.yesterday : undefined;
  const name = near ?? capitalised(clock.weekday(entry.publishedAt), words);
  const said = `${name}, ${clock.date(entry.publishedAt, now)}`;
  const group = 'pinnedUntil' in entry && entry.pinnedUntil ? 'pinned' : 'rows';
  return h('li', { key: `${group} ${day}`, class: 'day' }, h('time', { datetime: day }, said));
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

function capitalised(text: string, { locale }: Words): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

function foot<N>(h: H<N>, { edition, words }: Setting): N {
  const arrow = h('span', { 'aria-hidden': 'true' }, edition.direction === 'rtl' ? ' ←' : ' →');
  return h(
    'footer',
    { class: 'foot' },
    h('span', { class: 'zone' }, edition.zoneLabel),
    ' ',
    edition.allUrl ? h('a', { class: 'all', href: edition.allUrl }, words.allNews, arrow) : undefined,
  );
}
