import { h } from 'preact';
import { type Inside, within } from './door.ts';
import { CODE, field, SCRIPTED } from './fields.ts';

/** Signs the same person in again, over the page that they are on, in a way that they have. */
export function proveDialog(inside: Inside) {
  const { words, me, sso, path } = inside;
  const passkeys = me.methods.passkeys.length > 0 && inside.passkeysOff === undefined;
  const password = h(
    'form',
    { ...SCRIPTED, class: 'by-password' },
    // For password managers, which want to know whose password it is.
    h('input', { hidden: true, name: 'name', value: me.name, autocomplete: 'username', readonly: true }),
    field('prove-password', {
      name: 'password',
      label: words.signIn.password,
      wrong: words.wrong.current,
      props: { type: 'password', autocomplete: 'current-password', maxlength: 400 },
    }),
    field('prove-code', {
      name: 'code',
      label: words.signIn.code,
      hint: words.signIn.codeHint,
      wrong: words.wrong.code,
      props: CODE,
    }),
    h('button', { class: 'button' }, words.signIn.submit),
  );
  return h(
    'dialog',
    { id: 'prove', class: 'proving', 'aria-labelledby': 'prove-title', 'aria-describedby': 'prove-lead' },
    h('h2', { id: 'prove-title' }, words.prove.title),
    h('p', { id: 'prove-lead' }, words.prove.lead),
    h('p', { class: 'wrong', role: 'alert' }),
    passkeys && h('button', { type: 'button', class: 'button by-passkey' }, words.signIn.byPasskey),
    sso &&
      me.methods.sso && [
        h(
          'a',
          { class: 'button quiet', href: `/v1/sign-in/sso?next=${encodeURIComponent(within(inside, path))}` },
          words.signIn.bySso,
        ),
        h('p', { class: 'hint' }, words.prove.sso),
      ],
    me.methods.password &&
      (passkeys ? h('details', null, h('summary', null, words.signIn.byPassword), password) : password),
    h(
      'div',
      { class: 'ways' },
      h('button', { type: 'button', class: 'button quiet', 'data-close': true }, words.cancel),
    ),
  );
}
