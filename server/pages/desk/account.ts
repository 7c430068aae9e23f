import { h } from 'preact';
import { act } from './act.ts';
import { browserIn } from './agent.ts';
import { formDialog } from './dialogs.ts';
import type { Inside } from './door.ts';
import { field, NAME } from './fields.ts';
import { fill } from './fill.ts';
import { insidePage, sayings } from './layout.ts';
import { newPassword } from './new-password.ts';
import { row } from './row.ts';
import { type Session, sessionRow } from './session.ts';
import { when } from './when.ts';
import type { DeskWords } from './words.ts';

export interface AccountPage extends Inside {
  /** What the browser calls itself. */
  agent: string;
  /** How connecting a single sign-on ended, where it did not. */
  ssoFailed: keyof DeskWords['signIn']['ssoFailed'] | undefined;
  sessions: readonly (Session & { current: boolean })[];
}

/** One's own: how to sign in, and where one is signed in. */
export function accountPage(page: AccountPage): string {
  const { words, ssoFailed } = page;
  const ours = words.me;
  return insidePage(page, {
    name: 'account',
    title: ours.title,
    data: {
      'data-browser': browserIn(words, page.agent),
      'data-passkey-added': ours.did.passkeyAdded,
      'data-password-set': ours.did.passwordSet,
      'data-renamed': ours.did.renamed,
    },
    children: [
      h('h1', null, ours.title),
      h('p', { class: 'lead' }, ours.lead),
      sayings(ssoFailed && (ssoFailed === 'uninvited' ? ours.ssoTaken : words.signIn.ssoFailed[ssoFailed])),
      h('div', { class: 'columns even', 'data-fresh': 'account' }, methods(page), sessions(page)),
    ],
    dialogs: [
      formDialog(words, {
        id: 'set-password',
        title: ours.password,
        submit: words.people.save,
        children: [
          h('input', { hidden: true, name: 'name', value: page.me.name, autocomplete: 'username', readonly: true }),
          newPassword(words, 'set'),
        ],
      }),
      naming('rename', ours.renameTitle, 'name', ours.name),
      naming('rename-passkey', ours.labelTitle, 'label', ours.label),
    ],
  });

  function naming(id: string, title: string, name: string, label: string) {
    return formDialog(words, {
      id,
      title,
      submit: words.people.save,
      children: field(`${id}-name`, { name, label, wrong: words.wrong.name, props: { ...NAME, autocomplete: 'off' } }),
    });
  }
}

function methods(page: AccountPage) {
  const { words, me, sso, passkeysOff } = page;
  const ours = words.me;
  const { passkeys, password } = me.methods;
  const only = passkeys.length + Number(password) + Number(me.methods.sso) === 1;
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'methods' },
    h('h2', { id: 'methods' }, ours.methods),
    only && h('p', { class: 'note' }, ours.only),
    h(
      'ul',
      { class: 'rows' },
      row({
        title: h('bdi', null, me.name),
        facts: [ours.nameHint],
        acts: rename('rename', '/v1/me/rename', me.name, ours.change),
      }),
      passkeys.map(({ id, name, createdAt, lastUsedAt }) =>
        row({
          title: h('bdi', null, name),
          facts: [
            fill(ours.passkeyMade, { at: when(page, createdAt) }),
            lastUsedAt === undefined ? ours.neverUsed : fill(ours.used, { at: when(page, lastUsedAt) }),
          ],
          acts: [
            rename('rename-passkey', `/v1/me/passkeys/${id}/rename`, name, ours.rename),
            remove(`/v1/me/passkeys/${id}/remove`, name, ours.remove, ours.asks.removePasskey),
          ],
        }),
      ),
      row({
        title: ours.password,
        facts: [password ? ours.passwordSet : ours.passwordNone],
        acts: [
          h('button', { type: 'button', class: 'act set-password' }, password ? ours.change : ours.setPassword),
          password && remove('/v1/me/password/remove', ours.password, ours.remove, ours.asks.removePassword),
        ],
      }),
      (sso || me.methods.sso) &&
        row({
          title: ours.sso,
          facts: [me.methods.sso ? ours.ssoBound : ours.ssoNone],
          acts: me.methods.sso
            ? remove('/v1/me/sso/remove', ours.sso, ours.disconnect, ours.asks.removeSso)
            : h('button', { type: 'button', class: 'act connect' }, ours.connect),
        }),
    ),
    passkeysOff
      ? h('p', { class: 'hint' }, words.passkeysOff.title, '. ', words.passkeysOff.why[passkeysOff])
      : h('button', { type: 'button', class: 'button add-passkey' }, ours.addPasskey),
  );

  function rename(open: string, to: string, about: string, label: string) {
    const props = { type: 'button', class: 'act', 'data-open': open, 'data-to': to, 'data-about': about };
    return h('button', { ...props, 'aria-label': `${label} ${about}` }, label);
  }

  /** Never the last one. */
  function remove(to: string, about: string, label: string, ask: readonly string[]) {
    return !only && act({ to, label, about, ask, done: ours.did.removed });
  }
}

function sessions(page: AccountPage) {
  const { words } = page;
  const ours = words.me;
  const others = page.sessions.some(({ current }) => !current);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'sessions' },
    h('h2', { id: 'sessions' }, ours.sessions),
    h(
      'ul',
      { class: 'rows' },
      page.sessions.map((session) => {
        if (session.current) return sessionRow(page, session, { beside: h('p', { class: 'mark good' }, ours.thisOne) });
        const about = `${browserIn(words, session.agent)}, ${session.from}`;
        return sessionRow(page, session, {
          acts: act({ to: `/v1/me/sessions/${session.id}/end`, label: ours.end, about, done: ours.did.ended }),
        });
      }),
    ),
    others &&
      act({
        to: '/v1/me/sessions/end',
        label: ours.endOthers,
        about: '',
        ask: ours.asks.endOthers,
        done: ours.did.ended,
      }),
    h('p', { class: 'hint' }, ours.sessionsHint),
  );
}
