import { h } from 'preact';
import { CODE, field } from './fields.ts';
import type { DeskWords } from './words.ts';

/** A password with its rules before it, and the authenticator app that goes with it. The script brings the secret. */
export function newPassword(words: DeskWords, id: string) {
  const ours = words.password;
  return [
    h(
      'div',
      { class: 'shown' },
      field(`${id}-password`, {
        name: 'password',
        label: ours.password,
        hint: ours.hint,
        wrong: words.wrong.new,
        props: { type: 'password', autocomplete: 'new-password', minlength: 12, maxlength: 400 },
      }),
      h('button', { type: 'button', class: 'act show', 'aria-pressed': 'false' }, ours.show),
    ),
    h(
      'div',
      { class: 'app' },
      h('p', { class: 'label' }, ours.app),
      h('div', { class: 'qr', role: 'img', 'aria-label': ours.qr }),
      h('p', { class: 'label', id: `${id}-secret` }, ours.secret),
      h('code', { class: 'secret', 'aria-labelledby': `${id}-secret` }),
    ),
    field(`${id}-code`, { name: 'code', label: ours.code, hint: ours.codeHint, wrong: words.wrong.code, props: CODE }),
  ];
}
