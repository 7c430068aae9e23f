import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../server/clock.ts';
import { operator } from '../../server/commands/office.ts';
import type { Session } from '../../server/sessions.ts';
import { freePort } from '../support/port.ts';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';
import { Member, memberAs } from '../support/staff.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  let ahead = 0;
  /** Timers go on as they do; what time it is, is moved. */
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  const pass = (ms: number) => {
    ahead += ms;
  };
  let people = 0;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env, clock);
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  const editor = () => memberAs(service, 'editor', '*', `Editor ${people++}`);
  const status = async (member: Member) => (await member.get('/v1/me')).status;
  const sessionOf = async ({ id }: Member): Promise<Session> => {
    const [session] = await service.office.sessions.list(id);
    if (!session) throw new Error('there is no session');
    return session;
  };

  describe('a session', () => {
    let member: Member;
    beforeEach(async () => {
      member = await editor();
    });

    it('begins with a cookie that no script reads and no page of others sends', () => {
      expect(member.given).toHaveLength(1);
      expect(member.given[0]).toMatch(/^motograph=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    });

    it('is kept without its secret: a copy of the store opens no door', async () => {
      const token = decodeURIComponent(member.cookies.get('motograph') ?? '').slice(2);
      const [id = '', secret = ''] = token.split('.');
      const stored = JSON.stringify(await service.office.engine.records.list('session'));
      expect(stored).toContain(id);
      expect(stored).not.toContain(secret);
    });

    it.each([
      ['idle for 12 hours', 12 * HOUR, 12 * HOUR],
      ['7 days old, however busy', 7 * DAY, 11 * HOUR],
    ])('is over once it is %s', async (_what, end, step) => {
      let left = end;
      for (; left > step; left -= step) {
        pass(step);
        expect(await status(member)).toBe(200);
      }
      pass(left - MINUTE);
      // At sight it would be in use for another while.
      expect(await service.office.sessions.get((await sessionOf(member)).id)).toBeDefined();
      pass(MINUTE);
      expect(await status(member)).toBe(401);
      expect(await service.office.sessions.list(member.id)).toEqual([]);
    });

    it('costs no write but one a minute while it is used', async () => {
      const { version } = await sessionOf(member);
      for (let at = 0; at < 5; at++) await member.get('/v1/me');
      expect((await sessionOf(member)).version).toBe(version);
      pass(MINUTE);
      for (let at = 0; at < 5; at++) await member.get('/v1/me');
      expect(await sessionOf(member)).toMatchObject({ version: version + 1 });
    });

    it('is never sent again by an answer that did not begin it', async () => {
      member.given = [];
      await member.get('/v1/me');
      await member.get('/desk');
      pass(MINUTE);
      await member.get('/v1/me');
      expect(member.given).toEqual([]);
    });

    it('never comes back by a request that still had it when it was ended', async () => {
      const { sessions } = service.office;
      const held = await sessionOf(member);
      pass(MINUTE);
      await sessions.end([held], { actor: { id: 'test', grants: [] }, from: 'test' }, 'session-ended');
      await sessions.seen(held);
      expect(await sessions.renew(held, clock.now())).toBeUndefined();
      expect(await sessions.get(held.id)).toBeUndefined();
      expect(await status(member)).toBe(401);
    });

    it('is ended even while it is in use, once, with one row in the audit', async () => {
      const { sessions, engine } = service.office;
      const stale = await sessionOf(member);
      pass(MINUTE);
      await member.get('/v1/me');
      const by = { actor: { id: 'test', grants: [] }, from: 'test' };
      await Promise.all([1, 2, 3].map(() => sessions.end([stale], by, 'session-ended')));
      expect(await sessions.get(stale.id)).toBeUndefined();
      const rows = await engine.records.acts(20);
      expect(
        rows.filter(({ subject, action }) => subject === `staff:${member.id}` && action === 'session-ended'),
      ).toEqual([expect.objectContaining({ actor: 'test', from: 'test' })]);
    });

    it('ends with the sign-out, in the browser and in the store', async () => {
      const { cookie } = member;
      expect(await member.post('/v1/sign-out')).toMatchObject({ status: 200 });
      expect(member.given[0]).toMatch(
        /^motograph=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax$/,
      );
      expect(member.cookies.size).toBe(0);
      expect((await member.get('/v1/me', { Cookie: cookie })).status).toBe(401);
      const [row] = await service.office.engine.records.acts(1);
      expect(row).toMatchObject({ action: 'signed-out', actor: `staff:${member.id}`, subject: `staff:${member.id}` });
    });

    it('can be signed out of twice', async () => {
      await member.post('/v1/sign-out');
      expect(await member.post('/v1/sign-out')).toMatchObject({ status: 200, body: {} });
    });
  });

  describe('signing in again', () => {
    it('as the same person keeps the session under another secret, and its age', async () => {
      const member = await editor();
      const { cookie } = member;
      const before = await sessionOf(member);
      pass(HOUR);
      await member.signIn();
      expect(member.cookie).not.toBe(cookie);
      expect((await member.get('/v1/me', { Cookie: cookie })).status).toBe(401);
      expect(await status(member)).toBe(200);
      const after = await sessionOf(member);
      expect(after).toMatchObject({ id: before.id, createdAt: before.createdAt });
      expect(after.provenAt).toBeGreaterThanOrEqual(before.provenAt + HOUR);
      expect(await service.office.sessions.list(member.id)).toHaveLength(1);
    });

    it('as somebody else ends the session that was in the browser', async () => {
      const [one, other] = [await editor(), await editor()];
      const shared = new Member(service.url, undefined, other.passkey);
      for (const [name, value] of one.cookies) shared.cookies.set(name, value);
      await shared.signIn();
      expect((await shared.get('/v1/me')).body.name).toBe((await other.get('/v1/me')).body.name);
      expect(await status(one)).toBe(401);
    });

    it('is what a change wants that would outlast a stolen session, after ten minutes', async () => {
      const chief = await memberAs(service, 'chief', '*', `Chief ${people++}`);
      const key = { name: 'CMS', role: 'editor', editions: ['en'] };
      pass(9 * MINUTE);
      expect(await chief.post('/v1/keys', key)).toMatchObject({ status: 200 });
      pass(MINUTE);
      const refused = await chief.post('/v1/keys', key);
      expect(refused).toMatchObject({ status: 403, body: { type: expect.stringMatching(/:prove-again$/) } });
      await chief.signIn();
      expect(await chief.post('/v1/keys', key)).toMatchObject({ status: 200 });
    });
  });

  describe('sessions of one person', () => {
    it('are listed with where they are, and ended one by one or all but this one', async () => {
      const member = await editor();
      const [phone, laptop] = [await member.elsewhere(), await member.elsewhere()];
      const { body } = await member.get('/v1/me', { 'User-Agent': 'Mozilla/5.0 (X11)' });
      expect(body.sessions).toHaveLength(3);
      expect(body.sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
      for (const session of body.sessions)
        expect(session).toEqual({
          id: expect.any(String),
          createdAt: expect.stringMatching(/Z$/),
          seenAt: expect.stringMatching(/Z$/),
          from: '127.0.0.1',
          agent: 'node',
          current: expect.any(Boolean),
        });
      const { id } = (await phone.get('/v1/me')).body.sessions.find(({ current }: { current: boolean }) => current);
      expect(await member.post(`/v1/me/sessions/${id}/end`)).toMatchObject({ status: 200 });
      expect([await status(phone), await status(laptop)]).toEqual([401, 200]);
      expect(await member.post(`/v1/me/sessions/${id}/end`)).toMatchObject({ status: 404 });
      expect(await member.post('/v1/me/sessions/end')).toMatchObject({ status: 200 });
      expect([await status(laptop), await status(member)]).toEqual([401, 200]);
    });

    it('are shown to a chief, who ends them all', async () => {
      const [member, chief] = [await editor(), await memberAs(service, 'chief', '*', `Chief ${people++}`)];
      const phone = await member.elsewhere();
      const shown = async () =>
        (await chief.get('/v1/staff')).body.staff.find(({ id }: { id: string }) => id === member.id).sessions;
      expect(await shown()).toHaveLength(2);
      expect(await chief.post(`/v1/staff/${member.id}/sign-out`)).toMatchObject({ status: 200, body: {} });
      expect([await status(member), await status(phone)]).toEqual([401, 401]);
      expect(await shown()).toEqual([]);
    });

    it('are over at once when the account is disabled, and stay so when it is enabled', async () => {
      const [member, chief] = [await editor(), await memberAs(service, 'chief', '*', `Chief ${people++}`)];
      await chief.post(`/v1/staff/${member.id}/disable`);
      expect(await status(member)).toBe(401);
      await chief.post(`/v1/staff/${member.id}/enable`);
      expect(await status(member)).toBe(401);
      expect(await status(await member.signIn())).toBe(200);
    });
  });

  it('readers get no cookie, and theirs is not looked at', async () => {
    const member = await editor();
    member.given = [];
    const before = (await sessionOf(member)).version;
    pass(2 * MINUTE);
    for (const { method, path, permission } of service.routes)
      if (method === 'get' && permission === 'public' && !path.includes(':')) await member.get(path);
    await member.get('/en');
    expect(member.given).toEqual([]);
    expect((await sessionOf(member)).version).toBe(before);
  });
});

it('where PUBLIC_URL is https, the cookie is bound to it, whatever the last hop is', async () => {
  const store = await newStore('embedded');
  const port = await freePort();
  const service = await startTestService({ ...store.env, PORT: port, PUBLIC_URL: 'https://news.example' });
  const { token } = await service.office.links.invite(operator(), {
    name: 'Olena',
    grants: [{ role: 'chief', edition: '*' }],
  });
  const member = new Member(`http://127.0.0.1:${port}`, 'https://news.example');
  await member.join(token);
  expect(member.given[0]).toMatch(/^__Host-motograph=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  expect((await member.get('/v1/me')).status).toBe(200);
  const invited = await member.post('/v1/staff/invite', { name: 'Petro', grants: [{ role: 'viewer', edition: 'en' }] });
  expect(invited.body.link).toMatch(/^https:\/\/news\.example\/desk\/join#[\w-]{43}$/);
  await member.post('/v1/sign-out');
  expect(member.given[0]).toMatch(
    /^__Host-motograph=; Path=\/; Expires=Thu, 01 Jan 1970[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  );
  await service.close();
  await store.remove();
});
