import { h } from 'preact';
import type { EditionInfo } from '../../../shared/wire.ts';
import { type Grant, ROLES, type Role } from '../../roles.ts';
import type { Inside } from './door.ts';
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
      const { name, language } = called(words, editions, edition);
      return h('li', null, h('span', { lang: language }, name), ' ', h('b', null, words.roles[role]));
    }),
  );
}

/** The same in a sentence. */
export function grantText({ words, editions }: Pick<Inside, 'words' | 'editions'>, { role, edition }: Grant): string {
  return `${called(words, editions, edition).name} ${words.roles[role]}`;
}

/** Grants as the office notes them: "editor in uk, reporter in en". Undefined when the note is of something else. */
export function grantsIn(note: string): Grant[] | undefined {
  const grants = note.split(', ').map((one) => {
    const [, role, edition] = /^(\w+) in (\S+)$/.exec(one) ?? [];
    return ROLES.flatMap((known) => (known === role && edition !== undefined ? [{ role: known, edition }] : []));
  });
  return grants.every(({ length }) => length > 0) ? grants.flat() : undefined;
}

function called(words: DeskWords, editions: readonly EditionInfo[], edition: string) {
  const info = editions.find(({ id }) => id === edition);
  return { name: edition === '*' ? words.allEditions : (info?.name ?? edition), language: info?.language };
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
    {
      class: 'grants',
      'data-field': 'grants',
      'data-wrong': words.wrong.grants,
      'aria-describedby': `${id}-hint ${id}-wrong`,
    },
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
