import { h } from 'preact';
import { clockFor } from '../../shared/clock.ts';
import type { Item } from '../../shared/item.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import type { Change } from '../history.ts';
import { documentOf, masthead } from './document.ts';
import { changeList, type Setting } from './history.ts';
import { pageWordsFor } from './words.ts';

export interface ItemPage {
  newsroom: string;
  edition: EditionInfo;
  /** All of the newsroom's editions, in the order in which readers see them. */
  editions: readonly Pick<EditionInfo, 'id' | 'name' | 'language'>[];
  item: Item;
  history: readonly Change[];
  /** Where readers find the service, without a slash at its end. */
  home: string;
}

/** An item as it is now, and what became of its words since it was published. */
export function itemPage({ newsroom, edition, editions, item, history, home }: ItemPage): string {
  const { language, locale } = wordsFor(edition.language);
  const words = pageWordsFor(language);
  const setting = { edition, words, clock: clockFor(locale, edition.timeZone) };
  return documentOf({
    language,
    direction: edition.direction,
    title: `${item.headline} · ${newsroom}`,
    scheme: 'light dark',
    styles: ['/page.css', '/item.css'],
    scripts: [],
    head: h('link', { rel: 'canonical', href: `${home}/${edition.id}/i/${item.id}` }),
    body: [
      masthead(
        newsroom,
        words.editions,
        editions.map(({ id, name, language }) => ({ href: `/${id}`, name, language, current: false })),
      ),
      h('main', null, story(item, setting), changeList(history, item.publishedAt, setting)),
      h('footer', { class: 'colophon' }, h('a', { href: `/${edition.id}` }, words.latest)),
    ],
  });
}

function story(item: Item, { edition, words, clock }: Setting) {
  const { label, headline, url, summary, byline, dateline, sources, publishedAt } = item;
  const written = { lang: edition.language, dir: edition.direction };
  const credits = [dateline, byline, ...sources].filter((text) => text !== undefined).join(' · ');
  // A page must not lead anywhere else because the store was tampered with.
  const article = url && /^https?:/i.test(url) ? url : undefined;
  return h(
    'article',
    null,
    h('p', { class: 'when' }, h('time', { datetime: publishedAt }, clock.full(publishedAt)), ` · ${edition.zoneLabel}`),
    h(
      'h1',
      written,
      label && [h('span', { class: 'label' }, label.text), h('span', { class: 'separator' }, ': ')],
      headline,
    ),
    summary && h('p', { class: 'summary', ...written }, summary),
    credits && h('p', { class: 'credits', ...written }, credits),
    article && h('p', null, h('a', { href: article }, words.article(new URL(article).hostname))),
  );
}
