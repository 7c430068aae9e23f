import { randomUUID } from 'node:crypto';
import { TOTP } from 'otpauth';
import { operator } from '../../server/commands/office.ts';
import type { Role } from '../../server/roles.ts';
import { Authenticator } from './authenticator.ts';
import type { TestService } from './service.ts';
import { Member, memberWith, Visitor } from './staff.ts';

/** Everything that is asked about is of this edition; a role in the other one is a role in the wrong place. */
export const [RIGHT, WRONG] = ['en', 'uk'] as const;

export interface Asker {
  by: 'nobody' | 'key' | 'session';
  role?: Role | undefined;
  edition?: typeof RIGHT | typeof WRONG;
  visitor: Visitor;
  headers: Record<string, string>;
}

/** A real request: a new thing each time where asking changes it, so that everybody asks for the same. */
export interface Asked {
  path?: string;
  body?: unknown;
  /** What whoever is let in is answered with. */
  status?: number;
  /** It is about something of one edition, so that a role elsewhere is not enough. */
  within?: true;
}

type Ask = (world: World, asker: Asker) => Asked | Promise<Asked>;

const LIST: Ask = () => ({});
const WITHOUT_SSO: Ask = () => ({ status: 404 });
const EMPTY: Ask = () => ({ body: {}, status: 422 });
const LINK: Ask = () => ({ body: { token: 'x' }, status: 410 });
const PINNED_UNTIL = () => new Date(Date.now() + 3600_000).toISOString();

/** One line for each route of the newsroom's side. */
export const ASKS: Record<string, Ask> = {
  'POST /v1/items': () => ({ body: { edition: RIGHT, headline: 'Published' }, status: 201, within: true }),
  'POST /v1/items/:id/amend': onItem({ kind: 'update', revision: 1, changes: { headline: 'Amended' } }),
  'POST /v1/items/:id/hold': onItem({}),
  'POST /v1/items/:id/release': onItem({}, 'hold'),
  'POST /v1/items/:id/kill': onItem({ notice: 'False.' }),
  'POST /v1/items/:id/pin': (world, asker) => onItem({ pinnedUntil: PINNED_UNTIL() })(world, asker),
  'POST /v1/items/:id/unpin': onItem({}, 'pin', { pinnedUntil: PINNED_UNTIL() }),
  'GET /v1/audience': LIST,
  'GET /v1/unfurl': () => ({ path: '/v1/unfurl?url=http://127.0.0.1/', status: 422 }),
  'GET /v1/similar': () => ({ path: `/v1/similar?edition=${RIGHT}`, within: true }),
  'POST /v1/sign-in/passkey/options': LIST,
  'POST /v1/sign-in/passkey': EMPTY,
  'POST /v1/sign-in/password': EMPTY,
  'POST /v1/sign-out': LIST,
  'GET /v1/sign-in/sso': WITHOUT_SSO,
  'GET /v1/sign-in/sso/done': () => ({ status: 302 }),
  'POST /v1/links/look': LINK,
  'POST /v1/links/passkey/options': LINK,
  'POST /v1/links/password/options': LINK,
  'POST /v1/links/accept': LINK,
  'POST /v1/links/sso': LINK,
  'GET /v1/me': LIST,
  'POST /v1/me/rename': (world) => ({ body: { name: world.name() } }),
  'POST /v1/me/passkeys/options': LIST,
  'POST /v1/me/passkeys': async (_world, { visitor }) => ({ body: await madePasskey(visitor) }),
  'POST /v1/me/passkeys/:id/rename': (_world, { visitor }) => ({
    path: `/v1/me/passkeys/${visitor instanceof Member ? visitor.passkey.id : 'none'}/rename`,
    body: { label: 'Phone' },
  }),
  'POST /v1/me/passkeys/:id/remove': async (_world, { visitor }) => ({
    path: `/v1/me/passkeys/${await secondPasskey(visitor)}/remove`,
  }),
  'POST /v1/me/password/options': LIST,
  'POST /v1/me/password': async (_world, { visitor }) => ({ body: await madePassword(visitor) }),
  'POST /v1/me/password/remove': async (_world, { visitor }) => {
    if (visitor instanceof Member) await visitor.post('/v1/me/password', await madePassword(visitor));
    return {};
  },
  'POST /v1/me/sso': WITHOUT_SSO,
  'POST /v1/me/sso/remove': WITHOUT_SSO,
  'POST /v1/me/sessions/:id/end': async (_world, { visitor }) => ({
    path: `/v1/me/sessions/${visitor instanceof Member ? await otherSession(visitor) : 'none'}/end`,
  }),
  'POST /v1/me/sessions/end': LIST,
  'GET /v1/staff': LIST,
  'POST /v1/staff/invite': (world) => ({ body: { name: world.name(), grants: world.grants }, within: true }),
  'POST /v1/staff/:id/grant': onStaff('grant', { grants: [] }),
  'POST /v1/staff/:id/recover': onStaff('recover'),
  'POST /v1/staff/:id/disable': onStaff('disable'),
  'POST /v1/staff/:id/enable': onStaff('enable', {}, 'disable'),
  'POST /v1/staff/:id/sign-out': onStaff('sign-out'),
  'POST /v1/links/:id/revoke': async ({ service, name, grants }) => {
    const { id } = await service.office.links.invite(operator(), { name: name(), grants });
    return { path: `/v1/links/${id}/revoke`, within: true };
  },
  'GET /v1/keys': LIST,
  'POST /v1/keys': () => ({ body: { name: 'CMS', role: 'viewer', editions: [RIGHT] }, within: true }),
  'POST /v1/keys/:id/revoke': async ({ service }) => {
    const { id } = await service.office.keys.add(operator(), { name: 'CMS', role: 'viewer', editions: [RIGHT] });
    return { path: `/v1/keys/${id}/revoke`, within: true };
  },
  'GET /v1/audit': () => ({ path: `/v1/audit?edition=${RIGHT}`, within: true }),
  'GET /v1/audit/export': () => ({ path: `/v1/audit/export?edition=${RIGHT}`, within: true }),
  'GET /v1/desk/live': LIST,
  'GET /desk/sign-in': (_world, { by }) => ({ status: by === 'session' ? 302 : 200 }),
  'GET /desk/join': LIST,
  'GET /desk': LIST,
  'GET /desk/account': LIST,
  'GET /desk/staff': LIST,
  'GET /desk/keys': LIST,
  'GET /desk/audit': () => ({ path: `/desk/audit?edition=${RIGHT}`, within: true }),
};

export const NOBODY: Asker = { by: 'nobody', visitor: new Visitor('http://localhost'), headers: {} };

export class World {
  readonly service: TestService;
  readonly grants = [{ role: 'viewer' as const, edition: RIGHT }];

  constructor(service: TestService) {
    this.service = service;
  }

  /** One that nobody has. */
  readonly name = () => `Somebody ${randomUUID()}`;
}

function onItem(body: object, before?: string, beforeBody?: object): Ask {
  return async ({ service: { api } }) => {
    const { item } = await api.post('Asked about');
    if (before) await api.act(item.id, before, beforeBody);
    return { path: `/v1/items/${item.id}/:act`, body, within: true };
  };
}

function onStaff(word: string, body: object = {}, before?: 'disable'): Ask {
  return async ({ service, name, grants }) => {
    const { id } = await memberWith(service, grants, name());
    if (before) await service.office.staff[before](operator(), id);
    return { path: `/v1/staff/${id}/${word}`, body, within: true };
  };
}

async function madePasskey(visitor: Visitor, passkey = new Authenticator(visitor.origin)): Promise<object> {
  if (!(visitor instanceof Member)) return {};
  const { ceremony, options } = (await visitor.post('/v1/me/passkeys/options')).body;
  return { ceremony, response: passkey.create(options) };
}

async function secondPasskey(visitor: Visitor): Promise<string> {
  const second = new Authenticator(visitor.origin);
  if (visitor instanceof Member) await visitor.post('/v1/me/passkeys', await madePasskey(visitor, second));
  return second.id;
}

async function madePassword(visitor: Visitor): Promise<object> {
  if (!(visitor instanceof Member)) return {};
  const { ceremony, secret } = (await visitor.post('/v1/me/password/options')).body;
  return { ceremony, password: 'correct horse battery', code: new TOTP({ secret }).generate() };
}

async function otherSession(member: Member): Promise<string> {
  const { sessions } = (await (await member.elsewhere()).get('/v1/me')).body;
  return sessions.find(({ current }: { current: boolean }) => current).id;
}
