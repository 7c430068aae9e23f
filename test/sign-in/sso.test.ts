import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../server/roles.ts';
import { byPasskey, FROM, firstChief, HOME, invited, openDesk, type Person, type TestStore } from '../support/desk.ts';
import { type LyingProvider, startLiar } from '../support/lying-provider.ts';
import { startProvider, type TestProvider, visit } from '../support/oidc.ts';
import { ENGINES } from '../support/service.ts';

const EDITOR: Grant[] = [{ role: 'editor', edition: 'en' }];
const CALLBACK = `${HOME}/v1/sign-in/sso/done`;
const wrong = { kind: 'wrong-proof' };

let desk: TestStore;
let chief: Person;

function single() {
  return desk.sso ?? expect.fail('there is no single sign-on');
}

describe.each(ENGINES)('single sign-on with a real provider on the %s engine', (engine) => {
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider([CALLBACK]);
  });
  afterAll(() => provider.close());
  beforeEach(async () => {
    provider.subject = 'olena';
    desk = await openDesk(engine, { sso: provider });
    chief = await firstChief(desk);
  });
  afterEach(() => desk.close());

  const bind = async (person: Person) => {
    const { ceremony, location } = await desk.methods.beginSso(person.caller, HOME);
    return desk.methods.bindSso(person.caller, await single().finish(ceremony, await visit(location, HOME)));
  };
  const enter = async (change: (location: URL) => void = () => {}, back = (query: URLSearchParams) => query) => {
    const { ceremony, location } = await desk.signIn.beginSso(HOME, FROM, { next: '/desk/staff' });
    const url = new URL(location);
    change(url);
    const query = back(new URLSearchParams(await visit(url.href, HOME)));
    return desk.signIn.bySso(await single().finish(ceremony, `?${query}`), FROM);
  };

  it('lets somebody in who was invited and has bound it', async () => {
    const { methods } = await bind(chief);
    expect(methods.sso).toBe(true);
    expect(await enter()).toMatchObject({ staff: chief.id, generation: 1, name: 'Olena' });
    expect(await desk.records.acts(2)).toMatchObject([
      { action: 'signed-in', why: 'sso', subject: `staff:${chief.id}`, from: FROM },
      { action: 'sso-bound', subject: `staff:${chief.id}` },
    ]);
  });

  it('lets nobody in who was not invited', async () => {
    await bind(chief);
    provider.subject = 'stranger';
    await expect(enter()).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await desk.staff.list()).toHaveLength(1);
  });

  it('makes an account by a link, and recovers one', async () => {
    const { token } = await desk.links.invite(chief.caller, { name: 'Ann', grants: EDITOR });
    provider.subject = 'ann';
    const come = async (token: string) => {
      const { ceremony, location } = await desk.joining.beginSso({ token }, HOME);
      return desk.joining.bySso(await single().finish(ceremony, await visit(location, HOME)), FROM);
    };
    const ann = await come(token);
    expect(ann).toMatchObject({ name: 'Ann', generation: 1 });
    expect((await enter()).staff).toBe(ann.staff);
    const recovery = await desk.links.recover(chief.caller, ann.staff);
    expect(await come(recovery.token)).toMatchObject({ staff: ann.staff, generation: 2 });
    expect((await enter()).staff).toBe(ann.staff);
    const again = await desk.links.recover(chief.caller, ann.staff);
    provider.subject = 'ann at another time';
    await come(again.token);
    expect((await enter()).staff).toBe(ann.staff);
    provider.subject = 'ann';
    await expect(enter()).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('is one person’s own', async () => {
    await bind(chief);
    const ann = await invited(desk, chief, 'Ann', EDITOR);
    await expect(bind(ann)).rejects.toMatchObject({ kind: 'forbidden' });
    const { token } = await desk.links.invite(chief.caller, { name: 'Ben', grants: EDITOR });
    const { ceremony, location } = await desk.joining.beginSso({ token }, HOME);
    const proof = await single().finish(ceremony, await visit(location, HOME));
    await expect(desk.joining.bySso(proof, FROM)).rejects.toMatchObject({ kind: 'forbidden' });
    await desk.methods.removeSso(chief.caller);
    await bind(ann);
    expect((await enter()).staff).toBe(ann.id);
  });

  it('is for what it was begun for, and for nobody else', async () => {
    await bind(chief);
    const ann = await invited(desk, chief, 'Ann', EDITOR);
    provider.subject = 'ann';
    const begun = await desk.methods.beginSso(ann.caller, HOME);
    const proof = await single().finish(begun.ceremony, await visit(begun.location, HOME));
    await expect(desk.methods.bindSso(chief.caller, proof)).rejects.toMatchObject(wrong);
    await expect(desk.signIn.bySso(proof, FROM)).rejects.toMatchObject(wrong);
    await expect(desk.joining.bySso(proof, FROM)).rejects.toMatchObject(wrong);
  });

  it('comes back once', async () => {
    await bind(chief);
    const { ceremony, location } = await desk.signIn.beginSso(HOME, FROM);
    const query = await visit(location, HOME);
    const other = await desk.another();
    const done = await Promise.allSettled([single(), other.sso].map((sso) => sso?.finish(ceremony, query)));
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(single().finish(ceremony, query)).rejects.toMatchObject(wrong);
  });

  it('comes back to the browser that began it: another’s answer is refused', async () => {
    await bind(chief);
    const [mine, theirs] = [await desk.signIn.beginSso(HOME, FROM), await desk.signIn.beginSso(HOME, FROM)];
    const query = await visit(theirs.location, HOME);
    await expect(single().finish(mine.ceremony, query)).rejects.toMatchObject(wrong);
    await expect(single().finish('A'.repeat(43), query)).rejects.toMatchObject(wrong);
    await expect(single().finish(undefined, query)).rejects.toMatchObject(wrong);
  });

  it.each([
    ['another state', undefined, (query: URLSearchParams) => set(query, 'state', 'another')],
    ['no state', undefined, (query: URLSearchParams) => set(query, 'state')],
    ['another issuer', undefined, (query: URLSearchParams) => set(query, 'iss', 'https://evil.example')],
    ['no issuer', undefined, (query: URLSearchParams) => set(query, 'iss')],
    ['another code', undefined, (query: URLSearchParams) => set(query, 'code', 'another')],
    ['no code', undefined, (query: URLSearchParams) => set(query, 'code')],
    ['another nonce', (location: URL) => set(location.searchParams, 'nonce', 'another'), undefined],
    ['no nonce', (location: URL) => set(location.searchParams, 'nonce'), undefined],
    ['a code for another client', (location: URL) => set(location.searchParams, 'client_id', 'other'), undefined],
    [
      'another PKCE challenge',
      (location: URL) => set(location.searchParams, 'code_challenge', 'A'.repeat(43)),
      undefined,
    ],
  ])('refuses %s', async (_, change, back) => {
    await bind(chief);
    await expect(enter(change, back)).rejects.toMatchObject(wrong);
    await enter();
  });

  it('refuses when the provider does', async () => {
    const { ceremony, location } = await desk.signIn.beginSso(HOME, FROM);
    const state = new URL(location).searchParams.get('state');
    const query = new URLSearchParams({ error: 'access_denied', state: `${state}`, iss: provider.issuer });
    await expect(single().finish(ceremony, `?${query}`)).rejects.toMatchObject(wrong);
  });

  it('is shut with the account', async () => {
    const ann = await invited(desk, chief, 'Ann', EDITOR);
    await bind(ann);
    await desk.staff.disable(chief.caller, ann.id);
    await expect(enter()).rejects.toMatchObject(wrong);
    await desk.staff.enable(chief.caller, ann.id);
    await enter();
  });

  it('asks again who must prove themselves anew, and says when they did', async () => {
    await bind(chief);
    const cookies = new Map<string, string>();
    const come = async (again: boolean) => {
      const { ceremony, location } = await desk.signIn.beginSso(HOME, FROM, { again });
      const asked = new URL(location).searchParams;
      expect([asked.get('prompt'), asked.get('max_age')]).toEqual(again ? ['login', '0'] : [null, null]);
      return single().finish(ceremony, await visit(location, HOME, cookies));
    };
    await come(false);
    const { provenAt } = await come(true);
    expect(Math.abs(provenAt - desk.clock.now())).toBeLessThan(60_000);
  });
});

function set(query: URLSearchParams, name: string, value?: string): URLSearchParams {
  if (value === undefined) query.delete(name);
  else query.set(name, value);
  return query;
}

describe('single sign-on with a provider that lies', () => {
  let liar: LyingProvider;
  beforeEach(async () => {
    liar = await startLiar();
    desk = await openDesk('embedded', { sso: { issuer: liar.issuer, clientId: 'motograph', clientSecret: 'secret' } });
  });
  afterEach(async () => {
    await desk.close();
    await liar.close();
  });

  const finish = async (options = {}) => {
    const { ceremony, location } = await single().begin(HOME, { for: 'sign-in' }, options);
    return single().finish(ceremony, liar.approve(location));
  };

  it('believes the truth', async () => {
    expect(await finish()).toMatchObject({ issuer: liar.issuer, subject: 'olena', purpose: { for: 'sign-in' } });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: [] }],
    ['us among others, and made for another', { aud: ['motograph', 'other'], azp: 'other' }],
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['no subject', { sub: undefined }],
    ['that it is over', { exp: now - 3_600 }],
    ['no end', { exp: undefined }],
  ])('refuses an ID token that names %s', async (_, lie) => {
    liar.lie = lie;
    await expect(finish()).rejects.toMatchObject(wrong);
  });

  it('refuses an ID token with another signature', async () => {
    liar.otherKey = true;
    await expect(finish()).rejects.toMatchObject(wrong);
  });

  it('does not speak to a provider that is another one, and asks again later', async () => {
    liar.claimsToBe = 'https://evil.example';
    await expect(single().begin(HOME, { for: 'sign-in' })).rejects.toMatchObject({
      kind: 'sso-unavailable',
      retryAfter: 10,
    });
    liar.claimsToBe = undefined;
    await finish();
  });

  it('takes no old proof for a new one', async () => {
    const now = Math.floor(Date.now() / 1000);
    liar.lie = { auth_time: now - 3_600 };
    expect((await finish()).provenAt).toBe((now - 3_600) * 1000);
    await expect(finish({ again: true })).rejects.toMatchObject(wrong);
    liar.lie = { auth_time: now };
    await finish({ again: true });
  });

  it('says so when the provider is away, and passkeys go on', async () => {
    chief = await firstChief(desk);
    const { ceremony, location } = await single().begin(HOME, { for: 'sign-in' });
    const query = liar.approve(location);
    await liar.close();
    await expect(single().finish(ceremony, query)).rejects.toMatchObject({ kind: 'sso-unavailable' });
    await byPasskey(desk, chief);
  });
});
