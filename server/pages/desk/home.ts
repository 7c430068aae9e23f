import { h } from 'preact';
import { type Inside, within } from './door.ts';
import { grantChips } from './grants.ts';
import { insidePage, placesFor } from './layout.ts';

/** What is behind the door, for now: who I am, and where to go. */
export function homePage(page: Inside): string {
  const { words, me, editions } = page;
  const ours = words.home;
  const places = placesFor(page).flatMap(([name, path]) =>
    name === 'desk' ? [] : [place(within(page, path), words[name], ours[name])],
  );
  const tickers = editions.map(({ id, name, language }) =>
    h('li', null, h('a', { href: `/${id}`, lang: language, hreflang: language }, name)),
  );
  return insidePage(page, {
    name: 'desk',
    title: ours.title,
    children: [
      h('h1', null, ours.title),
      h('p', { class: 'lead' }, ours.lead),
      h(
        'div',
        { class: 'columns' },
        h(
          'section',
          { class: 'card', 'aria-labelledby': 'places' },
          h('h2', { id: 'places' }, ours.places),
          h('ul', { class: 'rows' }, places),
        ),
        h(
          'div',
          null,
          h(
            'section',
            { class: 'card', 'aria-labelledby': 'you' },
            h('h2', { id: 'you' }, ours.you),
            h('p', { class: 'big' }, h('bdi', null, me.name)),
            grantChips(words, editions, me.grants),
          ),
          h(
            'section',
            { class: 'card', 'aria-labelledby': 'ticker' },
            h('h2', { id: 'ticker' }, ours.ticker),
            h('ul', { class: 'links' }, tickers),
          ),
        ),
      ),
    ],
  });
}

function place(href: string, name: string, what: string) {
  return h(
    'li',
    { class: 'row' },
    h('p', { class: 'title' }, h('a', { href }, name)),
    h('p', { class: 'facts' }, what),
  );
}
