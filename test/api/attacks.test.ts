import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { operator } from '../../server/commands/office.ts';
import { routeTable } from '../../server/http/app.ts';
import { ASKS, type Asker, World } from '../support/asks.ts';
import { DeskStream } from '../support/desk-stream.ts';
import { type Answer, Api, keyFor, newStore, startTestService, type TestService } from '../support/service.ts';
import { Member, memberAs, memberWith, Visitor } from '../support/staff.ts';

const EVIL = 'https://evil.example';
const MISSING = '01900000-0000-7000-8000-000000000000';
const OWN_ROUTES = routeTable({ settings: {} } as never).filter(({ permission }) => permission !== 'public');
const posts = OWN_ROUTES.filter(({ method }) => method === 'post').map(({ path }) => path);
const gets = OWN_ROUTES.filter(({ method }) => method === 'get').map(({ path }) => path);

let service: TestService;
let remove: () => Promise<void>;
let world: World;
let chief: Member;
let ahead = 0;

beforeAll(async () => {
  const store = await newStore('embedded');
  remove = store.remove;
  service = await startTestService(store.env, { ...systemClock, now: () => Date.now() + ahead });
  world = new World(service);
  chief = await memberAs(service, 'chief', '*', 'Olena');
});

afterAll(async () => {
  await service.close();
  await remove();
});

const kindOf = ({ body }: Answer) => /[\w-]+$/.exec(body?.type ?? '')?.[0];
const person = () => memberWith(service, [{ role: 'viewer', edition: 'en' }], world.name());
const invited = async () => {
  const { token } = await service.office.links.invite(operator(), { name: world.name(), grants: world.grants });
  return token;
};
/** A request that the chief could make, for a route with a body. */
const chiefs = async (path: string) => {
  const asker: Asker = { by: 'session', role: 'chief', visitor: chief, headers: {} };
  const asked = (await ASKS[`POST ${path}`]?.(world, asker)) ?? {};
  return { path: (asked.path ?? path).replace(':act', path.split('/').at(-1) ?? ''), body: asked.body ?? {} };
};

describe('a request that a page of another site makes', () => {
  const FORMS: [string, Record<string, string>][] = [
    ['from another origin', { Origin: EVIL }],
    ['from another origin, without what browsers add', { Origin: EVIL, 'Sec-Fetch-Site': '' }],
    ['from a sandbox (Origin: null)', { Origin: 'null' }],
    ['across sites', { 'Sec-Fetch-Site': 'cross-site' }],
    ['from a neighbour of our domain', { 'Sec-Fetch-Site': 'same-site' }],
    ['as a form', { Origin: EVIL, 'Content-Type': 'text/plain' }],
  ];

  it.each(posts)('is refused by POST %s', async (route) => {
    const { path, body } = await chiefs(route);
    for (const [, headers] of FORMS) {
      const answer = await chief.post(path, body, headers);
      expect([answer.status, kindOf(answer)]).toEqual([403, 'wrong-origin']);
      for (const name of answer.headers.keys()) expect(name).not.toMatch(/^access-control-|^set-cookie$/);
    }
  });

  it('is refused where it does not say where it comes from', async () => {
    for (const path of posts) {
      const headers = { 'Content-Type': 'application/json' };
      expect(kindOf(await chief.ask('POST', path, '{}', headers))).toBe('wrong-origin');
    }
  });

  it.each(gets)('gets no leave to read GET %s', async (path) => {
    const headers = { Origin: EVIL, 'Access-Control-Request-Method': 'GET', 'Sec-Fetch-Site': 'cross-site' };
    for (const method of ['HEAD', 'OPTIONS']) {
      const answer = await chief.ask(method, path.replace(':id', MISSING), undefined, headers);
      for (const name of answer.headers.keys()) expect(name).not.toMatch(/^access-control-/);
    }
  });

  it.each(FORMS)('cannot open the stream of the desk %s', async (_what, headers) => {
    const stream = await DeskStream.open(chief, headers);
    await stream.ended;
    expect([stream.status, stream.problem?.type]).toEqual([403, expect.stringMatching(/:wrong-origin$/)]);
  });
});

describe('a key beside a cookie', () => {
  const post = { edition: 'en', headline: 'By whom?' };
  const authorization = (key: string) => ({ Authorization: `Bearer ${key}`, Origin: EVIL });

  it('is who asks, and needs no page of ours', async () => {
    const key = await keyFor(service.office, 'editor');
    const { status, body } = await chief.post('/v1/items', post, authorization(key));
    expect(status).toBe(201);
    const [row] = await service.office.engine.audit('en', 1);
    expect(row).toMatchObject({ id: body.item.id, actor: `key:${key.split('_')[1]}` });
    expect(kindOf(await chief.post(`/v1/items/${body.item.id}/kill`, { notice: 'x' }, authorization(key)))).toBe(
      'forbidden',
    );
  });

  it('that is wrong is not made good by the cookie', async () => {
    expect(kindOf(await chief.post('/v1/items', post, authorization('mg_000000000000_x')))).toBe('no-credentials');
    expect(kindOf(await chief.get('/desk', authorization('mg_000000000000_x')))).toBe('no-credentials');
  });
});

describe('the stream of the desk', () => {
  it('is no WebSocket, with or without a session', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      [
        `GET /v1/desk/live HTTP/1.1\r\nHost: localhost\r\nCookie: ${chief.cookie}\r\nOrigin: ${EVIL}`,
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      ].join('\r\n'),
    );
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404/);
    socket.destroy();
  });
});

describe('a session that an attacker chose', () => {
  it('is not the one that somebody gets who signs in with it', async () => {
    const [victim, attacker] = [await person(), await person()];
    const planted = [
      ['motograph', 's%3Aattacker.x.wrong-signature'],
      ['motograph', 'attacker.x'],
      ['motograph', attacker.cookies.get('motograph') ?? ''],
    ] as const;
    for (const [name, value] of planted) {
      const browser = new Member(service.url, undefined, victim.passkey);
      browser.cookies.set(name, value);
      await browser.signIn();
      expect(browser.cookies.get(name)).not.toBe(value);
      const [held] = browser.cookies.get(name)?.split('.') ?? [];
      expect(held).not.toBe(value.split('.')[0]);
      expect((await browser.get('/v1/me')).body.id).toBe(victim.id);
      const other = new Visitor(service.url);
      other.cookies.set(name, value);
      expect((await other.get('/v1/me')).status).toBe(401);
    }
  });

  it('is not begun by anything but a sign-in', async () => {
    const visitor = new Visitor(service.url);
    for (const path of gets) await visitor.ask('HEAD', path, undefined, {});
    for (const path of ['/v1/sign-in/passkey/options', '/v1/sign-in/password']) await visitor.post(path, {});
    expect([...visitor.cookies.keys()]).toEqual([]);
  });

  it('cannot be made of the id that its owner sees', async () => {
    const { body } = await chief.get('/v1/me');
    const [{ id }] = body.sessions;
    for (const value of [id, `s%3A${id}.x`, `${id}.`]) {
      const other = new Visitor(service.url);
      other.cookies.set('motograph', value);
      expect((await other.get('/v1/me')).status).toBe(401);
    }
  });
});

describe('a one-time link', () => {
  it('is used up by whoever comes in by it, for everybody else', async () => {
    const token = await invited();
    await new Member(service.url).join(token);
    for (const path of ['look', 'passkey/options', 'password/options', 'sso']) {
      const answer = await new Visitor(service.url).post(`/v1/links/${path}`, { token });
      expect([answer.status, kindOf(answer)]).toEqual([410, 'link-over']);
    }
  });

  it('lets one in of several who come at once', async () => {
    const token = await invited();
    const came = await Promise.allSettled([1, 2, 3, 4].map((at) => new Member(service.url).join(token, `Twin ${at}`)));
    expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is not used up by a chat app that looks at it first', async () => {
    const token = await invited();
    const bot = new Visitor(service.url);
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (const path of [`/desk/join#${token}`, `/desk/join?token=${token}`, '/v1/links/look', '/v1/links/accept'])
        await bot.ask(method, path, undefined, { 'User-Agent': 'TelegramBot (like TwitterBot)' });
    for (let at = 0; at < 3; at++) expect((await bot.post('/v1/links/look', { token })).status).toBe(200);
    await new Member(service.url).join(token);
  });

  it('is over after 24 hours', async () => {
    const token = await invited();
    ahead += 24 * 3600_000;
    expect(kindOf(await new Visitor(service.url).post('/v1/links/look', { token }))).toBe('link-over');
    ahead -= 24 * 3600_000;
  });
});

describe('what a body may not say', () => {
  const EXTRAS = { createdBy: 'staff:1', createdAt: 'x', staff: 'x', generation: 1, state: 'published', isChief: true };

  it.each(posts)('is named and refused by POST %s', async (route) => {
    const { path, body } = await chiefs(route);
    for (const [field, value] of Object.entries(EXTRAS)) {
      const answer = await chief.post(path, { ...body, [field]: value });
      expect([answer.status, JSON.stringify(answer.body.errors ?? [])]).toEqual([422, expect.stringContaining(field)]);
    }
  });

  it('cannot come in by the prototype', async () => {
    const { path } = await chiefs('/v1/staff/invite');
    const body = `{"name": "${world.name()}", "grants": [], "__proto__": {"grants": [{"role": "chief", "edition": "*"}]}}`;
    expect((await chief.post(path, body)).status).toBe(422);
  });

  it.each(posts)('is read by POST %s up to 64 KB, as JSON in UTF-8, not compressed', async (route) => {
    const { path, body } = await chiefs(route);
    expect((await chief.post(path, { ...body, pad: 'x'.repeat(65_536) })).status).toBe(413);
    expect(
      (await chief.post(path, 'grants=chief', { 'Content-Type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await chief.post(path, '{}', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect((await chief.post(path, '{"a": ')).status).toBe(400);
  });
});

describe('a guessed id', () => {
  const IDS = [
    MISSING,
    '1',
    '*',
    '..%2f..',
    '%00',
    '%252e%252e',
    '__proto__',
    'constructor',
    'x'.repeat(300),
    encodeURIComponent('<b>'),
  ];

  it.each(posts.filter((path) => path.includes(':id')))('finds nothing by POST %s', async (route) => {
    const { path, body } = await chiefs(route);
    const id = new RegExp(`^${route.replace(':id', '([^/]+)')}$`).exec(path)?.[1] ?? '';
    for (const guess of IDS) {
      const answer = await chief.post(path.replace(id, guess), body);
      expect([guess, answer.status]).toEqual([guess, 404]);
    }
  });

  it('of what is somebody else’s finds nothing', async () => {
    const [one, other] = [await person(), await person()];
    const { sessions, methods } = (await other.get('/v1/me')).body;
    expect((await one.post(`/v1/me/sessions/${sessions[0].id}/end`)).status).toBe(404);
    expect((await one.post(`/v1/me/passkeys/${methods.passkeys[0].id}/rename`, { label: 'Mine' })).status).toBe(404);
    expect((await one.post(`/v1/me/passkeys/${methods.passkeys[0].id}/remove`)).status).toBe(404);
    expect((await other.get('/v1/me')).body).toMatchObject({ sessions: [{ id: sessions[0].id }], methods });
  });

  it('of a key or a held item of another edition finds nothing', async () => {
    const far = await memberAs(service, 'chief', 'uk', world.name());
    const key = await keyFor(service.office, 'viewer', 'en');
    const id = key.split('_')[1] ?? '';
    expect((await far.post(`/v1/keys/${id}/revoke`)).status).toBe(404);
    expect((await far.get('/v1/keys')).body.keys).toEqual([]);
    const { item } = await service.api.post('Doubtful');
    await service.api.act(item.id, 'hold');
    const uk = new Api(service.url, await keyFor(service.office, 'chief', 'uk'));
    const missing = await uk.send(`/v1/items/${MISSING}/release`, {});
    const held = await uk.send(`/v1/items/${item.id}/release`, {});
    expect([held.status, kindOf(held)]).toEqual([missing.status, kindOf(missing)]);
  });
});

describe('markup in a name', () => {
  const MARKUP = '"\'><img src=x onerror=alert(1)><script>alert(1)</script>';
  const AGENT = `Mozilla/5.0 ${MARKUP}`;

  it('is text on every page', async () => {
    const named = new Member(service.url);
    const grants = [{ role: 'chief' as const, edition: '*' }];
    const { token } = await service.office.links.invite(operator(), { name: MARKUP, grants });
    await named.join(token);
    const { id } = (await named.get('/v1/me')).body.methods.passkeys[0];
    const made = [
      await named.post(`/v1/me/passkeys/${id}/rename`, { label: MARKUP }),
      await named.post('/v1/keys', { name: MARKUP, role: 'viewer', editions: ['en'] }),
      await named.post('/v1/staff/invite', { name: `${MARKUP} again`, grants }),
      await named.post('/v1/items', { edition: 'en', headline: MARKUP }),
    ];
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 201]);
    const amendment = { kind: 'correction', revision: 1, changes: {}, notice: MARKUP };
    expect((await named.post(`/v1/items/${made[3]?.body.item.id}/amend`, amendment)).status).toBe(200);
    const hostile = new URLSearchParams({
      next: `/desk/${MARKUP}`,
      lang: MARKUP,
      ended: MARKUP,
      sso: MARKUP,
      q: MARKUP,
    });
    const pages = gets.filter((path) => path.startsWith('/desk'));
    for (const path of [...pages, '/desk/audit?edition=en', `/desk/${encodeURIComponent(MARKUP)}`])
      for (const visitor of [named, new Visitor(service.url)]) {
        const address = `${path}${path.includes('?') ? '&' : '?'}${hostile}`;
        const { body, headers } = await visitor.get(address, { Accept: 'text/html', 'User-Agent': AGENT });
        expect(String(body)).not.toMatch(/<img|<script>|"'>/);
        expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      }
    for (const path of ['/desk', '/desk/account', '/desk/staff', '/desk/keys', '/desk/audit', '/desk/audit?edition=en'])
      expect((await named.get(path)).body).toContain('&lt;img src=x onerror=alert(1)>');
  });
});

describe('a line break', () => {
  it.each(['\r\n', '\n', '\u0085', '\u0000', '\u001b[2J'])('%j is in no name', async (control) => {
    const name = `${world.name()}${control}Set-Cookie: a=b`;
    const { id } = (await chief.get('/v1/me')).body.methods.passkeys[0];
    await chief.post('/v1/me/rename', { name });
    await chief.post(`/v1/me/passkeys/${id}/rename`, { label: name });
    await chief.post('/v1/staff/invite', { name: `${name} too`, grants: world.grants });
    await chief.post('/v1/keys', { name, role: 'viewer', editions: ['en'] });
    const kept = await Promise.all(['/v1/me', '/v1/staff', '/v1/keys'].map((path) => chief.get(path)));
    // White space is folded to one space, with which no line begins.
    for (const { body } of kept) expect(JSON.stringify(body)).not.toMatch(/\\[rnu]|\u0085/);
  });

  it('in an address breaks no header', async () => {
    for (const path of ['/desk?x=%0d%0aSet-Cookie:%20a=b', '/desk/sign-in?next=/desk%0d%0aSet-Cookie:%20a=b']) {
      const { headers } = await new Visitor(service.url).get(path);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('location') ?? '').not.toMatch(/[\r\n]/);
    }
  });

  it('or what else a terminal obeys, in what a browser calls itself, is not kept', async () => {
    const member = await person();
    const other = new Member(service.url, undefined, member.passkey);
    const agent = `Evil\t\u0080\u009b31m ${'x'.repeat(400)}`;
    const { ceremony, options } = (await other.post('/v1/sign-in/passkey/options')).body;
    await other.post(
      '/v1/sign-in/passkey',
      { ceremony, response: other.passkey.get(options) },
      { 'User-Agent': agent },
    );
    const [{ agent: kept }] = (await other.get('/v1/me')).body.sessions;
    expect(kept).toMatch(/^Evil {3}31m x+$/);
    expect(kept).toHaveLength(200);
  });
});

describe('every answer of the newsroom’s side', () => {
  it.each(gets)('to GET %s stands in no frame, in no cache and in no other site', async (path) => {
    const asked = path === '/v1/audit/export' ? `${path}?edition=en` : path;
    for (const visitor of [chief, new Visitor(service.url)]) {
      const { headers } = await visitor.ask('HEAD', asked, undefined, {});
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('an address to go on to', () => {
  it.each([
    ['/desk/audit?edition=en&before=7', '/desk/audit?edition=en&before=7'],
    ['/desk', '/desk'],
    ['//evil.example', '/desk'],
    ['https://evil.example/desk', '/desk'],
    ['/\\evil.example/desk', '/desk'],
    ['/desk/../en', '/desk'],
    ['/desk/%2e%2e/en', '/desk'],
    ['/deskevil', '/desk'],
    ['/desk\t/../../evil', '/desk'],
    ['javascript:alert(1)', '/desk'],
    ['/v1/sign-out', '/desk'],
    ['/desk@evil.example', '/desk'],
    ['', '/desk'],
  ])('%j leads to %s', async (next, to) => {
    const { status, headers } = await chief.get(`/desk/sign-in?next=${encodeURIComponent(next)}`);
    expect([status, headers.get('location')]).toEqual([302, to]);
  });

  it('is the page that somebody was led away from', async () => {
    const { headers } = await new Visitor(service.url).get('/desk/audit?edition=en');
    expect(headers.get('location')).toBe('/desk/sign-in?next=%2Fdesk%2Faudit%3Fedition%3Den');
  });
});
