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
  const { id, publishedAt } = entry;
  const rank = isItem(entry) ? (asFlash ? 'flash' : isUrgent(entry) ? 'urgent' : 'routine') : 'killed';
  const title = `${clock.full(publishedAt)} · ${edition.zoneLabel}`;
  return h(
    'li',
    { key: id, class: `row ${rank}`, lang: edition.language, dir: edition.direction, 'data-id': id },
    h('time', { class: 'time', datetime: publishedAt, title }, clock.time(publishedAt)),
    ' ',
    h('div', { class: 'story' }, story(h, entry, setting, asFlash)),
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

function story<N>(h: H<N>, entry: Entry, { edition, words, clock }: Setting, asFlash: boolean): Child<N> {
  const moment = (at: string) => clock.moment(at, entry.publishedAt);
  if (!isItem(entry)) {
    if (!('killedAt' in entry)) return '—';
    const withdrawn = `${words.withdrawn(moment(entry.killedAt))}.`;
    return h('p', { class: 'tombstone' }, withdrawn, entry.notice && ` ${entry.notice}`);
  }
  const { url, headline, label, pinnedUntil, amendments } = entry;
  const lang = edition.language.startsWith(words.language) ? undefined : words.language;
  const separator = h('span', { class: 'separator' }, ': ');
  // A page must not run a script because an answer was tampered with on its way.
  const linked = url && /^https?:/i.test(url) ? h('a', { key: 'link', class: 'link', href: url }, headline) : headline;
  const amendment = amendments.findLast(putsRight) ?? amendments.findLast(({ kind }) => kind === 'update');
  const { corrected: correction, clarified: clarification, updated: update } = words;
  const happened = { correction, clarification, update, refile: update };
  return [
    h(
      'p',
      { class: 'headline' },
      asFlash ? [h('span', { class: 'alarm', lang }, words.flash), separator] : undefined,
      label && [h('span', { class: 'label' }, label.text), separator],
      isUrgent(entry) ? h('strong', null, linked) : linked,
      pinnedUntil && [' ', h('span', { class: 'pin', lang }, words.pinnedUntil(moment(pinnedUntil)))],
    ),
    ' ',
    // The newest correction or clarification: no later update may hide it.
    amendment &&
      h(
        'p',
        { class: 'note' },
        h(amendment.kind === 'update' ? 'span' : 'b', { lang }, happened[amendment.kind](moment(amendment.at))),
        amendment.notice && ` ${amendment.notice}`,
      ),
  ];
}

/** Whoever knows what was there before must hear of it. */
export function putsRight({ kind }: { kind: AmendmentKind }): boolean {
  return kind === 'correction' || kind === 'clarification';
}
