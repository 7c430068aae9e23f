import { h } from 'preact';
import type { Grant } from '../../roles.ts';
import { ROLES } from '../../roles.ts';
import { act } from './act.ts';
import { formDialog, onceDialog } from './dialogs.ts';
import type { Inside } from './door.ts';
import { field, NAME } from './fields.ts';
import { fill } from './fill.ts';
import { giftsOf, grantChips, rolesAre } from './grants.ts';
import { insidePage, sayings } from './layout.ts';
import { row } from './row.ts';
import { when } from './when.ts';

export interface KeysPage extends Inside {
  keys: readonly Key[];
}

interface Key {
  id: string;
  name: string;
  grants: readonly Grant[];
  createdAt: string;
  lastUsedAt?: string | undefined;
  revokedAt?: string | undefined;
}

/** What programs come in with. */
export function keysPage(page: KeysPage): string {
  const { words, keys } = page;
  const ours = words.access;
  const [used, over] = [keys.filter(({ revokedAt }) => !revokedAt), keys.filter(({ revokedAt }) => revokedAt)];
  return insidePage(page, {
    name: 'keys',
    title: ours.title,
    children: [
      h(
        'div',
        { class: 'top' },
        h('h1', null, ours.title),
        h('button', { type: 'button', class: 'button', 'data-open': 'add' }, ours.add),
      ),
      h('p', { class: 'lead' }, ours.lead),
      sayings(),
      h('div', { 'data-fresh': true }, list('all', ours.all, used), over.length > 0 && list('over', ours.over, over)),
    ],
    dialogs: [
      addDialog(page),
      onceDialog(words, { id: 'key', title: ours.keyTitle, hint: ours.keyHint, label: ours.key, rows: 2 }),
    ],
  });

  function list(id: string, title: string, some: Key[]) {
    return h(
      'section',
      { class: 'card', 'aria-labelledby': id },
      h('h2', { id }, title),
      some.length === 0
        ? h('p', { class: 'none' }, ours.none)
        : h(
            'ul',
            { class: 'rows' },
            some.map((key) => keyRow(page, key)),
          ),
    );
  }
}

function keyRow(page: KeysPage, { id, name, grants, createdAt, lastUsedAt, revokedAt }: Key) {
  const { words, editions } = page;
  const ours = words.access;
  return row({
    title: h('bdi', null, name),
    beside: grantChips(words, editions, grants),
    facts: [
      revokedAt === undefined
        ? fill(ours.made, { at: when(page, createdAt) })
        : fill(ours.revoked, { at: when(page, revokedAt) }),
      lastUsedAt === undefined ? ours.unused : fill(ours.used, { at: when(page, lastUsedAt) }),
      h('code', null, `mg_${id}_…`),
    ],
    acts:
      revokedAt === undefined &&
      act({
        to: `/v1/keys/${id}/revoke`,
        label: ours.revoke,
        about: name,
        ask: ours.asks.revoke,
        done: ours.did.revoked,
      }),
  });
}

function addDialog({ words, editions, me }: KeysPage) {
  const ours = words.access;
  return formDialog(words, {
    id: 'add',
    title: ours.addTitle,
    submit: ours.make,
    children: [
      field('add-name', {
        name: 'name',
        label: ours.name,
        hint: ours.nameHint,
        wrong: words.wrong.name,
        props: { ...NAME, autocomplete: 'off' },
      }),
      h(
        'div',
        { class: 'field', 'data-field': 'role', 'data-wrong': words.wrong.grants },
        h('label', { for: 'add-role' }, ours.role),
        h(
          'select',
          { id: 'add-role', name: 'role', 'aria-describedby': 'add-role-wrong' },
          ROLES.map((role) => h('option', { value: role, selected: role === 'editor' }, words.roles[role])),
        ),
        h('p', { class: 'wrong', id: 'add-role-wrong' }),
      ),
      h(
        'fieldset',
        { 'data-field': 'editions', 'data-wrong': words.wrong.editions, 'aria-describedby': 'add-editions-wrong' },
        h('legend', null, ours.editions),
        giftsOf(words, editions, me.grants).map(({ edition, name, language }, at) =>
          h(
            'label',
            { class: 'check' },
            h('input', { type: 'checkbox', name: 'editions', value: edition, checked: at === 0 }),
            ' ',
            h('span', { lang: language }, name),
          ),
        ),
        h('p', { class: 'wrong', id: 'add-editions-wrong' }),
      ),
      rolesAre(words),
    ],
  });
}
