import type { Clock } from './clock.ts';
import type { Child, H } from './hyper.ts';
import type { AmendmentKind, Item, Tombstone } from './item.ts';
import type { EditionInfo } from './wire.ts';
import type { Words } from './words.ts';

/** What a row is drawn with. The words may be in another language than the edition, when we have none in its own. */
export interface Setting {
  edition: EditionInfo;
  words: Words;
  clock: Clock;
}

/** The place of a row that was taken out of view, or whose truth is not known any more, while nothing may move. */
interface Gap {
  id: string;
  publishedAt: string;
}

export type Entry = Item | Tombstone | Gap;

/**
 * The one definition of a row. `asFlash` is for the newest flash only; an older one looks urgent. The spaces and the
 * separators are real text, so that what is copied, indexed or read aloud does not run together.
 */
export function row<N>(h: H<N>, entry: Entry, setting: Setting, asFlash: boolean): N {
  const { edition, clock } = setting;
  const rank = isItem(entry) ? (asFlash ? 'flash' : isUrgent(entry) ? 'urgent' : 'routine') : 'killed';
  const title = `${clock.full(entry.publishedAt)} · ${edition.zoneLabel}`;
  return h(
    'li',
    { key: entry.id, class: `row ${rank}`, lang: edition.language, dir: edition.direction, 'data-id': entry.id },
    h('time', { class: 'time', datetime: entry.publishedAt, title }, clock.time(entry.publishedAt)),
    ' ',
    h(
      'div',
      { class: 'story' },
      isItem(entry) ? story(h, entry, setting, asFlash) : 'killedAt' in entry ? tombstone(h, entry, setting) : '—',
    ),
  );
}

export function isItem(entry: Entry): entry is Item {
  return 'headline' in entry;
}

export function isPinned(entry: Entry): entry is Item & { pinnedUntil: string } {
  return 'pinnedUntil' in entry && entry.pinnedUntil !== undefined;
}

export function isFlash(entry: Entry): boolean {
  return isItem(entry) && entry.urgency === 1;
}

/** Flash, bulletin, urgent. */
function isUrgent({ urgency }: Item): boolean {
  return urgency <= 3;
}

function tombstone<N>(h: H<N>, { publishedAt, killedAt, notice }: Tombstone, { words, clock }: Setting): N {
  const withdrawn = `${words.withdrawn(clock.moment(killedAt, publishedAt))}.`;
  return h('p', { class: 'tombstone' }, withdrawn, notice && ` ${notice}`);
}

function story<N>(h: H<N>, item: Item, setting: Setting, asFlash: boolean): Child<N>[] {
  const { words, clock } = setting;
  const { publishedAt, pinnedUntil, label } = item;
  // A page must not run a script because an answer was tampered with on its way.
  const linked =
    item.url && /^https?:/i.test(item.url)
      ? h('a', { key: 'link', class: 'link', href: item.url }, item.headline)
      : item.headline;
  const pin = pinnedUntil && words.pinnedUntil(clock.moment(pinnedUntil, publishedAt));
  const headline = h(
    'p',
    { class: 'headline' },
    asFlash ? [h('span', { class: 'alarm', lang: foreign(setting) }, words.flash), separator(h)] : undefined,
    label && [h('span', { class: 'label' }, label.text), separator(h)],
    isUrgent(item) ? h('strong', null, linked) : linked,
    pin && [' ', h('span', { class: 'pin', lang: foreign(setting) }, pin)],
  );
  return [headline, ' ', amended(h, item, setting)];
}

/** Whoever knows what was there before must hear of it. */
export function putsRight({ kind }: { kind: AmendmentKind }): boolean {
  return kind === 'correction' || kind === 'clarification';
}

/** The newest correction or clarification: no later update may hide it. */
function amended<N>(h: H<N>, { amendments, publishedAt }: Item, setting: Setting): Child<N> {
  const { words, clock } = setting;
  const shown = amendments.findLast(putsRight) ?? amendments.findLast(({ kind }) => kind === 'update');
  if (!shown) return undefined;
  const at = clock.moment(shown.at, publishedAt);
  const said = {
    correction: words.corrected,
    clarification: words.clarified,
    update: words.updated,
    refile: words.updated,
  };
  const mark = h(shown.kind === 'update' ? 'span' : 'b', { lang: foreign(setting) }, said[shown.kind](at));
  return h('p', { class: 'note' }, mark, shown.notice && ` ${shown.notice}`);
}

function separator<N>(h: H<N>): N {
  return h('span', { class: 'separator' }, ': ');
}

function foreign({ edition, words }: Setting): string | undefined {
  return edition.language.startsWith(words.language) ? undefined : words.language;
}
