import { type ComponentChildren, h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';
import type { EditionInfo } from '../../../shared/wire.ts';
import { browserIn } from './agent.ts';
import { type Door, within } from './door.ts';
import { field, NAME, SCRIPTED } from './fields.ts';
import { fill } from './fill.ts';
import { outsidePage, sayings } from './layout.ts';
import { newPassword } from './new-password.ts';
import { passkeyWay } from './sign-in.ts';

export interface JoinPage extends Door {
  /** What the browser calls itself: a passkey is named after where it was made. */
  agent: string;
  editions: readonly EditionInfo[];
}

/**
 * What a one-time link opens. The token stands in the fragment, which no server sees, so the page holds all that it may
 * turn out to be, and its script shows what it is.
 */
export function joinPage(page: JoinPage): string {
  const { words, newsroom, editions } = page;
  const ours = words.join;
  const names = Object.fromEntries(editions.map(({ id, name }) => [id, name]));
  return outsidePage(page, {
    name: 'join',
    title: fillIn(ours.title, { newsroom }),
    data: {
      'data-browser': browserIn(words, page.agent),
      'data-next': within(page, '/desk'),
      'data-editions': JSON.stringify({ ...names, '*': words.allEditions }),
      'data-roles': JSON.stringify(words.roles),
    },
    children: h(
      'div',
      { class: 'card' },
      state('looking', h('p', { role: 'status' }, ours.looking)),
      state('none', heading(ours.none), h('p', { class: 'lead' }, ours.noneLead)),
      state(
        'over',
        heading(ours.over),
        h('p', { class: 'lead' }, fill(ours.overLead, { command: h('code', null, 'motograph staff recover') })),
      ),
      state(
        'failed',
        h('p', { class: 'wrong', role: 'alert' }),
        h('button', { type: 'button', class: 'button again' }, ours.tryAgain),
      ),
      state('first', heading(fillIn(ours.first, { newsroom })), h('p', { class: 'lead' }, ours.firstLead)),
      state(
        'invitation',
        heading(fillIn(ours.title, { newsroom })),
        h(
          'p',
          { class: 'lead', 'data-by': fillIn(ours.invitationBy, { newsroom, by: '{by}' }) },
          fillIn(ours.invitationLead, { newsroom }),
        ),
        h('ul', { class: 'chips' }),
      ),
      state(
        'recovery',
        heading(fill(ours.recovery, { name: h('bdi', { class: 'for' }) })),
        h('p', { class: 'lead' }, fillIn(ours.recoveryLead, { newsroom })),
      ),
      ways(page),
    ),
  });
}

/** One of what the link may turn out to be. */
function state(name: string, ...children: ComponentChildren[]) {
  return h('div', { 'data-state': name, hidden: name !== 'looking' }, children);
}

function heading(text: ComponentChildren) {
  return h('h1', { tabindex: -1 }, text);
}

/** Pressing Enter takes the passkey, unless a password is being set. */
function ways(page: JoinPage) {
  const { words, sso, passkeysOff } = page;
  const ours = words.join;
  const password = h(
    'div',
    { class: 'by-password' },
    newPassword(words, 'join'),
    h('button', { class: 'button wide' }, ours.submit),
  );
  return h(
    'form',
    { ...SCRIPTED, class: 'ways-in', hidden: true },
    field('name', {
      name: 'name',
      label: ours.name,
      hint: ours.nameHint,
      wrong: words.wrong.name,
      props: { ...NAME, autocomplete: 'username' },
    }),
    sayings(),
    passkeyWay(page, ours.byPasskey, ours.passkeyHint),
    sso && h('button', { type: 'button', class: 'button quiet wide by-sso' }, ours.bySso),
    passkeysOff ? password : h('details', { class: 'instead' }, h('summary', null, ours.byPassword), password),
  );
}
