import { type ComponentChildren, h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';
import { may, type Permission } from '../../roles.ts';
import { documentOf } from '../document.ts';
import { acting } from './dialogs.ts';
import { type Door, type Inside, within } from './door.ts';
import { rolesIn } from './grants.ts';
import { proveDialog } from './prove.ts';
import { DESK_WORDS, type DeskWords } from './words.ts';

export interface Content {
  /** Which script the page wants. */
  name: string;
  title: string;
  children: ComponentChildren;
  dialogs?: ComponentChildren;
  data?: Readonly<Record<string, string | undefined>>;
}

const PLACES = [
  ['desk', '/desk', 'read'],
  ['account', '/desk/account', 'read'],
  ['staff', '/desk/staff', 'staff'],
  ['keys', '/desk/keys', 'keys'],
  ['audit', '/desk/audit', 'audit'],
] as const satisfies [keyof DeskWords, string, Permission][];

/** The sections that somebody with these roles may see. */
export function placesFor({ me }: Inside): (typeof PLACES)[number][] {
  return PLACES.filter(([, , permission]) => permission === 'read' || may(me, permission));
}

/** A page before the door: nothing on it needs a session. */
export function outsidePage(door: Door, content: Content): string {
  return whole(door, content, null);
}

/** A page behind the door: who is in, where else to go, and whether the session still holds. */
export function insidePage(inside: Inside, content: Content): string {
  const { words, me, editions } = inside;
  const [, here] = PLACES.find(([name]) => name === content.name) ?? PLACES[0];
  const bar = [
    h(
      'nav',
      { 'aria-label': words.sections },
      h(
        'ul',
        { class: 'places' },
        placesFor(inside).map(([name, path]) =>
          h(
            'li',
            null,
            h(
              'a',
              { class: 'place', href: within(inside, path), 'aria-current': path === here ? 'page' : undefined },
              words[name],
            ),
          ),
        ),
      ),
    ),
    h(
      'div',
      { class: 'presence' },
      h('p', { class: 'state', role: 'status', 'data-state': 'connecting' }, words.client.connecting),
      h('p', { class: 'who' }, h('bdi', null, me.name), h('span', null, ` · ${rolesIn(words, me.grants)}`)),
      h('button', { type: 'button', class: 'sign-out' }, words.signOut),
    ),
  ];
  const dialogs = [content.dialogs, acting(words), proveDialog(inside)];
  const data = {
    'data-me': me.name,
    'data-locale': words.locale,
    'data-zone': editions[0]?.timeZone,
    ...content.data,
  };
  return whole(inside, { ...content, dialogs, data }, bar);
}

function whole(door: Door, { name, title, children, dialogs, data }: Content, bar: ComponentChildren): string {
  const { words, newsroom } = door;
  const desk = fillIn(words.title, { newsroom });
  return documentOf({
    language: words.language,
    title: `${title} · ${desk}`,
    scheme: 'light dark',
    styles: ['/desk.css'],
    scripts: ['/desk.js'],
    head: h('meta', { name: 'robots', content: 'noindex' }),
    body: [
      h('a', { class: 'skip', href: '#content' }, words.toContent),
      h('header', { class: 'bar' }, h('p', { class: 'name' }, desk), bar),
      h(
        'main',
        {
          id: 'content',
          tabindex: -1,
          class: bar ? 'inside' : 'outside',
          'data-page': name,
          'data-words': JSON.stringify({ ...words.client, problems: words.problems }),
          'data-sign-in': within(door, '/desk/sign-in'),
          ...data,
        },
        h('noscript', null, h('p', { class: 'note' }, words.needsScript)),
        children,
      ),
      h('footer', { class: 'foot' }, languages(door)),
      dialogs,
    ],
  });
}

function languages({ words, path }: Door) {
  const links = DESK_WORDS.map(({ language, name }) =>
    h(
      'li',
      null,
      h(
        'a',
        {
          class: 'language',
          href: `${path}${path.includes('?') ? '&' : '?'}lang=${language}`,
          lang: language,
          hreflang: language,
          'aria-current': language === words.language ? 'true' : undefined,
        },
        name,
      ),
    ),
  );
  return h('nav', { 'aria-label': words.languages }, h('ul', { class: 'languages' }, links));
}

/** The one line in which a page says what it did, and the one in which it says what it could not do. */
export function sayings(wrong?: string) {
  return [h('p', { class: 'said', role: 'status' }), h('p', { class: 'wrong', role: 'alert' }, wrong)];
}
