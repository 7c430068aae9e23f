import { h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';
import type { Grant } from '../../roles.ts';
import { act } from './act.ts';
import { formDialog, onceDialog } from './dialogs.ts';
import type { Inside, Methods } from './door.ts';
import { field, NAME } from './fields.ts';
import { fill } from './fill.ts';
import { giftsOf, grantChips, grantFields, rolesAre } from './grants.ts';
import { insidePage, sayings } from './layout.ts';
import { row } from './row.ts';
import { type Names, who } from './sentence.ts';
import { type Session, sessionRow } from './session.ts';
import { when, zoneOf } from './when.ts';

export interface StaffPage extends Inside {
  staff: readonly Member[];
  links: readonly PendingLink[];
  names: Names;
}

interface Member {
  id: string;
  name: string;
  grants: readonly Grant[];
  methods: Methods;
  sessions: readonly Session[];
  disabledAt?: string | undefined;
  lastSeenAt?: string | undefined;
}

interface PendingLink {
  id: string;
  for: 'first' | 'invitation' | 'recovery';
  name?: string | undefined;
  grants: readonly Grant[];
  /** As the audit calls who made it. */
  by: string;
  endsAt: string;
}

/** Who may come in, and who was asked to. */
export function staffPage(page: StaffPage): string {
  const { words, staff, links, editions, me } = page;
  const ours = words.people;
  const gifts = giftsOf(words, editions, me.grants);
  return insidePage(page, {
    name: 'staff',
    title: ours.title,
    data: { 'data-granted': ours.did.granted },
    children: [
      h(
        'div',
        { class: 'top' },
        h('h1', null, ours.title),
        h('button', { type: 'button', class: 'button', 'data-open': 'invite' }, ours.invite),
      ),
      h('p', { class: 'lead' }, ours.lead),
      sayings(),
      h(
        'div',
        { 'data-fresh': true },
        links.length > 0 &&
          h(
            'section',
            { class: 'card', 'aria-labelledby': 'pending' },
            h('h2', { id: 'pending' }, ours.pending),
            h(
              'ul',
              { class: 'rows' },
              links.map((link) => pending(page, link)),
            ),
          ),
        h(
          'section',
          { class: 'card', 'aria-labelledby': 'all' },
          h('h2', { id: 'all' }, ours.all),
          h(
            'ul',
            { class: 'rows' },
            staff.map((member) => person(page, member)),
          ),
          h('p', { class: 'hint' }, fillIn(words.zone, { zone: zoneOf(page) })),
        ),
      ),
    ],
    dialogs: [
      formDialog(words, {
        id: 'invite',
        title: ours.inviteTitle,
        submit: ours.makeLink,
        children: [
          field('invite-name', {
            name: 'name',
            label: ours.name,
            hint: ours.nameHint,
            wrong: words.wrong.name,
            props: { ...NAME, autocomplete: 'off' },
          }),
          grantFields(words, gifts, 'invite-grants'),
          rolesAre(words),
        ],
      }),
      formDialog(words, {
        id: 'grant',
        title: ours.roleTitle,
        submit: ours.save,
        children: [grantFields(words, gifts, 'grant-grants'), rolesAre(words)],
      }),
      onceDialog(words, { id: 'link', title: ours.linkTitle, hint: ours.linkHint, label: ours.link, rows: 3 }),
    ],
  });
}

function pending(page: StaffPage, link: PendingLink) {
  const { words, editions } = page;
  const ours = words.people;
  const name = link.name ?? ours.pendingFor[link.for];
  return row({
    title: h('bdi', null, name),
    beside: grantChips(words, editions, link.grants),
    facts: [
      ours.pendingFor[link.for],
      fill(ours.by, { by: who(words, page.names, link.by) }),
      fill(ours.until, { at: when(page, link.endsAt) }),
    ],
    acts: act({
      to: `/v1/links/${link.id}/revoke`,
      label: ours.revoke,
      about: name,
      ask: ours.asks.revoke,
      done: ours.did.revoked,
    }),
  });
}

function person(page: StaffPage, { id, name, grants, methods, sessions, disabledAt, lastSeenAt }: Member) {
  const { words, editions, me } = page;
  const ours = words.people;
  const ways = [
    methods.passkeys.length > 0 && ours.ways.passkeys,
    methods.password && ours.ways.password,
    methods.sso && ours.ways.sso,
  ].filter((way) => way !== false);
  const to = (word: string) => `/v1/staff/${id}/${word}`;
  const { asks, did } = ours;
  return row({
    title: [h('bdi', null, name), id === me.id && h('span', { class: 'mark' }, ours.you)],
    beside: grantChips(words, editions, grants),
    facts: [
      disabledAt !== undefined && h('b', { class: 'off' }, fill(ours.disabled, { at: when(page, disabledAt) })),
      disabledAt === undefined &&
        (lastSeenAt === undefined ? ours.unseen : fill(ours.seen, { at: when(page, lastSeenAt) })),
      ways.length > 0 && fillIn(ours.signsInWith, { ways: ways.join(', ') }),
    ],
    more:
      sessions.length > 0 &&
      h(
        'details',
        { class: 'sessions' },
        h('summary', null, fillIn(ours.sessions, { count: String(sessions.length) })),
        h(
          'ul',
          { class: 'rows' },
          sessions.map((session) => sessionRow(page, session)),
        ),
      ),
    acts:
      disabledAt !== undefined
        ? act({ to: to('enable'), label: ours.enable, about: name, ask: asks.enable, done: did.enabled })
        : [
            h(
              'button',
              {
                type: 'button',
                class: 'act grant-roles',
                'data-to': to('grant'),
                'data-about': name,
                'data-grants': JSON.stringify(grants),
                'aria-label': `${ours.role} ${name}`,
              },
              ours.role,
            ),
            act({ to: to('sign-out'), label: ours.signOut, about: name, ask: asks.signOut, done: did.signedOut }),
            act({ to: to('recover'), label: ours.recover, about: name, ask: asks.recover, done: '', once: 'link' }),
            act({ to: to('disable'), label: ours.disable, about: name, ask: asks.disable, done: did.disabled }),
          ],
  });
}
