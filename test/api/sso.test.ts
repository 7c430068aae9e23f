import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { startProvider, type TestProvider, visit } from '../support/oidc.ts';
import { freePort } from '../support/port.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';
import { type Member, memberAs, Visitor } from '../support/staff.ts';

const BACK = '/v1/sign-in/sso/done';

let provider: TestProvider;
let service: TestService;
let remove: () => Promise<void>;
let people = 0;

beforeAll(async () => {
  const port = await freePort();
  provider = await startProvider([`http://localhost:${port}${BACK}`]);
  const store = await newStore('embedded');
  remove = store.remove;
  service = await startTestService({
    ...store.env,
    PORT: port,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
});

beforeEach(() => {
  provider.subject = `subject ${people++}`;
});

afterAll(async () => {
  await Promise.all([service.close(), provider.close()]);
  await remove();
});

/** From our page to the provider and back, in one browser. Resolves with where our answer leads. */
async function pass(visitor: Visitor, location: string, finish: Visitor = visitor): Promise<string | null> {
  const query = await visit(location, `${service.url}${BACK}`);
  return (await finish.get(`${BACK}${query}`)).headers.get('location');
}

async function goBySso(visitor: Visitor, next = '/desk', finish = visitor): Promise<string | null> {
  const { headers } = await visitor.get(`/v1/sign-in/sso?next=${encodeURIComponent(next)}`);
  return pass(visitor, headers.get('location') ?? '', finish);
}

const bind = async (member: Member) => {
  const { body } = await member.post('/v1/me/sso');
  return pass(member, body.location);
};

describe('single sign-on', () => {
  it('is bound to an account, lets its person in, and leads them where they wanted to go', async () => {
    const member = await memberAs(service, 'editor', 'en', `Editor ${people}`);
    expect(await bind(member)).toBe('/desk/account');
    expect((await member.get('/v1/me')).body.methods.sso).toBe(true);
    const browser = new Visitor(service.url);
    expect(await goBySso(browser, '/desk/audit?edition=en')).toBe('/desk/audit?edition=en');
    expect((await browser.get('/v1/me')).body).toMatchObject({ id: member.id, sso: true });
    expect([...browser.cookies.keys()]).toEqual(['motograph']);
  });

  it('makes an account by a link', async () => {
    const grants = [{ role: 'viewer' as const, edition: 'en' }];
    const { token } = await service.office.links.invite(operator(), { name: `Viewer ${people}`, grants });
    const browser = new Visitor(service.url);
    const { body } = await browser.post('/v1/links/sso', { token });
    expect(await pass(browser, body.location)).toBe('/desk');
    expect((await browser.get('/v1/me')).body).toMatchObject({ grants, methods: { sso: true, password: false } });
    expect((await browser.post('/v1/links/look', { token })).status).toBe(410);
  });

  it('proves anew who somebody is', async () => {
    const member = await memberAs(service, 'editor', 'en', `Editor ${people}`);
    await bind(member);
    const before = member.cookie;
    const asked = await member.get('/v1/sign-in/sso?next=/desk/keys');
    expect(new URL(asked.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login');
    expect(await pass(member, asked.headers.get('location') ?? '')).toBe('/desk/keys');
    expect(member.cookie).not.toBe(before);
    expect((await member.get('/v1/me')).body.sessions).toHaveLength(1);
  });

  it.each([
    ['an account that nobody here has', goBySso, '/desk/sign-in?sso=uninvited'],
    ['what the person declined', declined, '/desk/sign-in?sso=cancelled'],
    ['a state that is not ours', otherState, '/desk/sign-in?sso=failed'],
  ])('lets nobody in by %s, and says so on a page', async (_what, go, leads) => {
    const browser = new Visitor(service.url);
    expect(await go(browser)).toBe(leads);
    expect(browser.cookies.has('motograph')).toBe(false);
    expect((await browser.get(leads)).status).toBe(200);
  });

  it('is finished in the browser that began it, and in no other', async () => {
    const attacker = await memberAs(service, 'editor', 'en', `Editor ${people}`);
    await bind(attacker);
    const victim = await memberAs(service, 'chief', '*', `Chief ${people}`);
    expect(await goBySso(new Visitor(service.url), '/desk', victim)).toBe('/desk/account?sso=failed');
    expect((await victim.get('/v1/me')).body.id).toBe(victim.id);
    const stranger = new Visitor(service.url);
    expect(await goBySso(new Visitor(service.url), '/desk', stranger)).toBe('/desk/sign-in?sso=failed');
    expect(stranger.cookies.size).toBe(0);
  });

  it('that somebody began to bind is bound to nobody else’s account', async () => {
    const attacker = await memberAs(service, 'editor', 'en', `Editor ${people}`);
    const victim = await memberAs(service, 'chief', '*', `Chief ${people}`);
    const { body } = await attacker.post('/v1/me/sso');
    for (const [name, value] of attacker.cookies) if (name !== 'motograph') victim.cookies.set(name, value);
    expect(await pass(attacker, body.location, victim)).toBe('/desk/account?sso=failed');
    expect((await victim.get('/v1/me')).body.methods.sso).toBe(false);
    const { body: again } = await attacker.post('/v1/me/sso');
    const signedOut = new Visitor(service.url);
    for (const [name, value] of attacker.cookies) if (name !== 'motograph') signedOut.cookies.set(name, value);
    expect(await pass(attacker, again.location, signedOut)).toBe('/desk/sign-in?sso=failed');
  });

  it('keeps its cookie from scripts, and no longer than it needs it', async () => {
    const browser = new Visitor(service.url);
    await browser.get('/v1/sign-in/sso');
    expect(browser.given).toEqual([
      expect.stringMatching(/^motograph-sso=[\w-]{43}; Max-Age=300; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
    ]);
    await browser.get(BACK);
    expect(browser.cookies.size).toBe(0);
  });

  it('leads nowhere but to pages of ours', async () => {
    const member = await memberAs(service, 'editor', 'en', `Editor ${people}`);
    await bind(member);
    expect(await goBySso(new Visitor(service.url), 'https://evil.example/desk')).toBe('/desk');
  });
});

async function declined(browser: Visitor): Promise<string | null> {
  const { headers } = await browser.get('/v1/sign-in/sso');
  const state = new URL(headers.get('location') ?? '').searchParams.get('state');
  const query = new URLSearchParams({ error: 'access_denied', state: state ?? '', iss: provider.issuer });
  return (await browser.get(`${BACK}?${query}`)).headers.get('location');
}

async function otherState(browser: Visitor): Promise<string | null> {
  const { headers } = await browser.get('/v1/sign-in/sso');
  const query = await visit(headers.get('location') ?? '', `${service.url}${BACK}`);
  return (await browser.get(`${BACK}${query.replace(/state=[^&]+/, 'state=other')}`)).headers.get('location');
}
