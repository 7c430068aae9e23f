import { h } from 'preact';
import type { EditionInfo } from '../../../shared/wire.ts';
import { type Grant, ROLES, type Role } from '../../roles.ts';
import type { DeskWords } from './words.ts';

/** The highest role of them, as the bar has room for. */
export function rolesIn(words: DeskWords, grants: readonly Grant[]): string {
  const highest = Math.max(-1, ...grants.map(({ role }) => ROLES.indexOf(role)));
  const role = ROLES[highest];
  return role === undefined ? words.noRole : words.roles[role];
}

/** A chip for each edition. */
export function grantChips(words: DeskWords, editions: readonly EditionInfo[], grants: readonly Grant[]) {
  return h(
    'ul',
    { class: 'chips' },
    grants.length === 0 && h('li', null, words.noRole),
    grants.map(({ role, edition }) => {
      const info = editions.find(({ id }) => id === edition);
      const name = edition === '*' ? words.allEditions : (info?.name ?? edition);
      return h('li', null, h('span', { lang: info?.language }, name), ' ', h('b', null, words.roles[role]));
    }),
  );
}

/** What somebody may give to others: in which editions, and up to which role. */
export interface Gift {
  edition: string;
  name: string;
  language: string | undefined;
  roles: Role[];
}

/** Nobody gives more than they have, and only a chief gives. */
export function giftsOf(words: DeskWords, editions: readonly EditionInfo[], grants: readonly Grant[]): Gift[] {
  const chiefOf = (edition: string) =>
    grants.some((grant) => grant.role === 'chief' && (grant.edition === '*' || grant.edition === edition));
  const all: Gift[] = [
    { edition: '*', name: words.allEditions, language: undefined, roles: [...ROLES] },
    ...editions.map(({ id, name, language }) => ({ edition: id, name, language, roles: [...ROLES] })),
  ];
  return all.filter(({ edition }) => chiefOf(edition));
}

/** A choice of role for each edition; what is chosen is read by name, `grant:` and the edition. */
export function grantFields(words: DeskWords, gifts: readonly Gift[], id: string) {
  return h(
    'fieldset',
    { class: 'grants', 'data-field': 'grants', 'aria-describedby': `${id}-hint ${id}-wrong` },
    h('legend', null, words.people.rolesFor),
    gifts.map(({ edition, name, language, roles }) =>
      h(
        'label',
        { class: 'grant' },
        h('span', { lang: language }, name),
        ' ',
        h(
          'select',
          { name: `grant:${edition}` },
          h('option', { value: '' }, words.noRole),
          roles.map((role) => h('option', { value: role }, words.roles[role])),
        ),
      ),
    ),
    h('p', { class: 'hint', id: `${id}-hint` }, words.people.rolesHint),
    h('p', { class: 'wrong', id: `${id}-wrong` }),
  );
}

/** What each role may do, for who has to choose one. */
export function rolesAre(words: DeskWords) {
  return h(
    'dl',
    { class: 'roles' },
    words.rolesAre.map(([role, may]) => h('div', null, h('dt', null, words.roles[role as Role]), h('dd', null, may))),
  );
}
