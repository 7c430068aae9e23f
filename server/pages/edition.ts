import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { listed, rowsOf } from '../../shared/rows.ts';
import { ticker } from '../../shared/ticker.ts';
import type { EditionInfo, Snapshot } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';

export interface EditionPage {
  newsroom: string;
  edition: EditionInfo;
  /** All of the newsroom's editions, in the order in which readers see them. */
  editions: readonly Pick<EditionInfo, 'id' | 'name' | 'language'>[];
  snapshot: Snapshot;
  /** Where readers find the service, without a slash at its end. */
  publicUrl?: string | undefined;
  /** Epoch milliseconds. */
  now: number;
}

/** The public page of an edition: its rows as of `now`, live once the script runs. Holds no script or style of its own. */
export function editionPage({ newsroom, edition, editions, snapshot, publicUrl = '', now }: EditionPage): string {
  const words = wordsFor(edition.language);
  const column = ticker(h, {
    edition,
    entries: listed(rowsOf(snapshot)),
    state: 'connecting',
    asOf: now,
    now,
    heading: '',
    language: undefined,
  });
  const page = h(
    'html',
    { lang: words.language, dir: edition.direction },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('title', null, `${words.recentNews} · ${newsroom}`),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'description', content: words.description(newsroom) }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('link', { rel: 'canonical', href: `${publicUrl}/${edition.id}` }),
      editions.map(({ id, language }) =>
        h('link', { rel: 'alternate', hreflang: language, href: `${publicUrl}/${id}` }),
      ),
      h('link', { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }),
      h('link', { rel: 'stylesheet', href: '/ticker.css' }),
      h('link', { rel: 'stylesheet', href: '/page.css' }),
      h('script', { type: 'module', src: '/ticker.js' }),
    ),
    h(
      'body',
      null,
      h('header', { class: 'masthead' }, h('p', { class: 'name' }, newsroom), editionNav(editions, edition.id)),
      h(
        'main',
        null,
        h('h1', null, words.recentNews),
        h('motograph-ticker', { edition: edition.id, heading: '' }, column),
      ),
    ),
  );
  return `<!doctype html>${renderToString(page)}`;

  function editionNav(all: EditionPage['editions'], current: string) {
    const links = all.map(({ id, name, language }) => {
      const props = { href: `/${id}`, lang: language, hreflang: language };
      return h('li', null, h('a', id === current ? { ...props, 'aria-current': 'page' } : props, name));
    });
    return h('nav', { 'aria-label': words.editions }, h('ul', { class: 'editions' }, links));
  }
}
