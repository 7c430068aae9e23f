import { h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';
import type { Door } from './door.ts';
import { CODE, field, NAME, SCRIPTED } from './fields.ts';
import { fill } from './fill.ts';
import { outsidePage, sayings } from './layout.ts';
import type { DeskWords } from './words.ts';

export interface SignInPage extends Door {
  /** Where to go afterwards: a page of the newsroom's side. */
  next: string;
  /** Why somebody is here who was in. */
  ended: boolean;
  /** How single sign-on ended, where it brought nobody in. */
  ssoFailed: keyof DeskWords['signIn']['ssoFailed'] | undefined;
}

/** The passkey first; what else there is, below it. */
export function signInPage(page: SignInPage): string {
  const { words, newsroom, sso, passkeysOff, next, ended, ssoFailed } = page;
  const ours = words.signIn;
  const form = passwordForm(words);
  return outsidePage(page, {
    name: 'sign-in',
    title: ours.title,
    data: { 'data-next': next },
    children: h(
      'div',
      { class: 'card' },
      h('h1', null, ours.title),
      h('p', { class: 'lead' }, fillIn(ours.lead, { newsroom })),
      ended && h('p', { class: 'note' }, ours.ended),
      sayings(ssoFailed && ours.ssoFailed[ssoFailed]),
      passkeyWay(page, ours.byPasskey, ours.passkeyHint),
      sso &&
        h('a', { class: 'button quiet wide', href: `/v1/sign-in/sso?next=${encodeURIComponent(next)}` }, ours.bySso),
      passkeysOff ? form : h('details', { class: 'instead' }, h('summary', null, ours.byPassword), form),
      h('p', { class: 'hint lost' }, fill(ours.lost, { command: h('code', null, 'motograph staff recover') })),
    ),
  });
}

function passwordForm(words: DeskWords) {
  const { name, password, code, codeHint, submit } = words.signIn;
  return h(
    'form',
    { ...SCRIPTED, class: 'by-password', 'aria-label': words.signIn.passwordAndCode },
    field('name', {
      name: 'name',
      label: name,
      wrong: words.wrong.name,
      props: { ...NAME, autocomplete: 'username webauthn' },
    }),
    field('password', {
      name: 'password',
      label: password,
      wrong: words.wrong.current,
      props: { type: 'password', autocomplete: 'current-password', maxlength: 400 },
    }),
    field('code', { name: 'code', label: code, hint: codeHint, wrong: words.wrong.code, props: CODE }),
    h('p', { class: 'wrong', role: 'alert' }),
    h('button', { class: 'button wide' }, submit),
  );
}

/** The button; why there is none where browsers refuse; and what the script shows where the browser has none. */
export function passkeyWay({ words, passkeysOff }: Door, label: string, hint: string) {
  const off = words.passkeysOff;
  if (passkeysOff) return h('div', { class: 'note' }, h('h2', null, off.title), h('p', null, off.why[passkeysOff]));
  return [
    h(
      'div',
      { class: 'passkey' },
      h(
        'button',
        { type: 'button', class: 'button wide by-passkey', autofocus: true, 'aria-describedby': 'passkey-hint' },
        label,
      ),
      h('p', { class: 'hint', id: 'passkey-hint' }, hint),
    ),
    h('p', { class: 'note no-passkeys', hidden: true }, off.unsupported),
  ];
}
