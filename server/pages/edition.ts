import { h } from 'preact';
import { listed, rowsOf } from '../../shared/rows.ts';
import { ticker } from '../../shared/ticker.ts';
import type { EditionInfo, Snapshot } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import { documentOf, masthead, oembedLink } from './document.ts';
import { pageWordsFor } from './words.ts';

export interface EditionPage {
  newsroom: string;
  edition: EditionInfo;
  /** All of the newsroom's editions, in the order in which readers see them. */
  editions: readonly Pick<EditionInfo, 'id' | 'name' | 'language'>[];
  snapshot: Snapshot;
  /** Where readers find the service, without a slash at its end. */
  home: string;
  /** Epoch milliseconds. */
  now: number;
}

/** The public page of an edition: its rows as of `now`, live once the script runs. */
export function editionPage({ newsroom, edition, editions, snapshot, home, now }: EditionPage): string {
  const words = wordsFor(edition.language);
  const title = `${words.recentNews} · ${newsroom}`;
  const address = `${home}/${edition.id}`;
  const ours = pageWordsFor(words.language);
  const column = ticker(h, {
    edition,
    entries: listed(rowsOf(snapshot)),
    state: 'connecting',
    asOf: now,
    now,
    heading: '',
    language: undefined,
  });
  return documentOf({
    language: words.language,
    direction: edition.direction,
    title,
    scheme: 'light dark',
    styles: ['/ticker.css', '/page.css'],
    scripts: ['/ticker.js'],
    head: [
      h('meta', { name: 'description', content: ours.description(newsroom) }),
      h('link', { rel: 'canonical', href: address }),
      editions.map(({ id, language }) => h('link', { rel: 'alternate', hreflang: language, href: `${home}/${id}` })),
      oembedLink(home, address, title),
    ],
    body: [
      masthead(
        newsroom,
        ours.editions,
        editions.map(({ id, name, language }) => ({ href: `/${id}`, name, language, current: id === edition.id })),
      ),
      h(
        'main',
        null,
        h('h1', null, words.recentNews),
        h('motograph-ticker', { edition: edition.id, heading: '' }, column),
      ),
      h(
        'footer',
        { class: 'colophon' },
        h('a', { href: `/embed?edition=${edition.id}&lang=${words.language}` }, ours.embedLink),
      ),
    ],
  });
}
