import { clockFor, type Instant } from './clock.ts';
import type { Child, H } from './hyper.ts';
import { type Entry, isFlash, isPinned, row, type Setting } from './row.ts';
import type { EditionInfo } from './wire.ts';
import { type Words, wordsFor } from './words.ts';

export type State = 'connecting' | 'live' | 'reconnecting';

export interface Ticker {
  edition: EditionInfo;
  entries: readonly Entry[];
  state: State;
  /** When the rows were last known to be true. */
  asOf: Instant;
  now: Instant;
  /** Absent: "Recent news". Empty: none, for a page whose own heading says it. */
  heading: string | undefined;
  /** Of the words around the headlines. Absent: the edition's. */
  language: string | undefined;
}

/** What a reader may do, which only a ticker with a script can offer. */
export interface Offered<N> {
  /** At the end of the head. */
  head?: Child<N>;
  /** Over the edge between head and rows. */
  edge?: Child<N>;
  foot?: Child<N>;
  paused?: boolean;
}

/** The whole column. The server's pages and the widget both draw it, so a page does not change when scripts run. */
export function ticker<N>(h: H<N>, view: Ticker, offered: Offered<N> = {}): N {
  const { entries, now, heading } = view;
  const setting = settingOf(view);
  const { words } = setting;
  return column(
    h,
    setting,
    heading,
    head(h, words, heading, stateLine(h, view, setting, offered.paused), offered.head),
    offered.edge,
    viewOf(h, words, heading, rowsByDay(h, entries, now, setting)),
    foot(h, setting, offered.foot),
  );
}

export function settingOf({ edition, language }: Pick<Ticker, 'edition' | 'language'>): Setting {
  const words = wordsFor(language ?? edition.language);
  return { edition, words, clock: clockFor(words.locale, edition.timeZone) };
}

/** Whether what is shown is the truth of now, in words, and else of when it is. */
export function stateLine<N>(h: H<N>, { state, asOf, now }: Ticker, { words, clock }: Setting, paused = false): N {
  const told = `${words.asOf(clock.moment(asOf, now))}.`;
  const said = {
    connecting: told,
    live: paused ? words.paused : words.live,
    reconnecting: `${told} ${words.reconnecting}`,
  }[state];
  return h('p', { class: `state ${paused && state === 'live' ? 'paused' : state}` }, said);
}

/** What stands in for the column until its first snapshot. It is as large, so that the page around it does not move. */
export function waiting<N>(h: H<N>, language: string, heading: string | undefined): N {
  const words = wordsFor(language);
  const state = h('p', { class: 'state connecting' }, words.connecting);
  return column(h, { words }, heading, head(h, words, heading, state));
}

export function column<N>(
  h: H<N>,
  { words, edition }: { words: Words } & Partial<Setting>,
  heading: string | undefined,
  ...children: Child<N>[]
): N {
  const label = heading || words.recentNews;
  return h(
    'section',
    { class: 'motograph', lang: words.language, dir: edition?.direction, 'aria-label': label },
    ...children,
  );
}

function head<N>(h: H<N>, words: Words, heading: string | undefined, state: N, offered?: Child<N>): N {
  const title = heading ?? words.recentNews;
  return h(
    'header',
    { class: 'head' },
    title ? [h('h2', { class: 'heading' }, title), ' '] : undefined,
    state,
    offered,
  );
}

/** What scrolls. */
export function viewOf<N>(h: H<N>, words: Words, heading: string | undefined, rows: Child<N>[]): N {
  return h(
    'div',
    { class: 'view', tabindex: '0', role: 'group', 'aria-label': heading || words.recentNews },
    rows.length > 0 ? h('ol', { class: 'rows', role: 'list' }, rows) : h('p', { class: 'empty' }, words.noHeadlines),
  );
}

/** A row of its own says the day where it changes, and above the first row unless that is of today. */
function rowsByDay<N>(h: H<N>, entries: Ticker['entries'], now: Instant, setting: Setting): Child<N>[] {
  const { clock } = setting;
  const flash = newestFlash(entries);
  let day = clock.day(now);
  return entries.map((entry) => {
    const same = clock.day(entry.publishedAt) === day;
    day = clock.day(entry.publishedAt);
    return [same ? undefined : dayRow(h, entry, now, setting), row(h, entry, setting, entry === flash)];
  });
}

/** The one that may look like a flash. */
export function newestFlash(entries: readonly Entry[]): Entry | undefined {
  return entries
    .filter(isFlash)
    .reduce<Entry | undefined>((a, b) => (a && a.publishedAt >= b.publishedAt ? a : b), undefined);
}

/** Keyed by its group too: a day can stand among the pinned rows and again among the others. */
function dayRow<N>(h: H<N>, entry: Entry, now: Instant, { clock }: Setting): N {
  const day = clock.day(entry.publishedAt);
  const name = clock.dayName(entry.publishedAt, now);
  const said = `${name.charAt(0).toUpperCase()}${name.slice(1)}, ${clock.date(entry.publishedAt, now)}`;
  return h('li', { key: `${isPinned(entry)} ${day}`, class: 'day' }, h('time', { datetime: day }, said));
}

function foot<N>(h: H<N>, { edition, words }: Setting, offered: Child<N>): N {
  const arrow = h('span', { 'aria-hidden': 'true' }, edition.direction === 'rtl' ? ' ←' : ' →');
  return h(
    'footer',
    { class: 'foot' },
    h('span', { class: 'zone' }, edition.zoneLabel),
    ' ',
    offered,
    edition.allUrl ? h('a', { class: 'all', href: edition.allUrl }, words.allNews, arrow) : undefined,
  );
}
