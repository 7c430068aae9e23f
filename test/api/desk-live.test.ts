import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { operator } from '../../server/commands/office.ts';
import { DeskStream } from '../support/desk-stream.ts';
import { ENGINES, keyFor, newStore, startTestService, type TestService } from '../support/service.ts';
import { type Member, memberAs } from '../support/staff.ts';

/** What ends somebody's session, or takes from them what the stream needs. */
const ENDINGS: Record<string, (chief: Member, member: Member) => Promise<unknown>> = {
  'its owner signs out': (_chief, member) => member.post('/v1/sign-out'),
  'its owner ends it from another browser': async (_chief, member) =>
    (await member.elsewhere()).post('/v1/me/sessions/end'),
  'a chief ends all sessions of its owner': (chief, { id }) => chief.post(`/v1/staff/${id}/sign-out`),
  'a chief disables its owner': (chief, { id }) => chief.post(`/v1/staff/${id}/disable`),
  'a chief takes every role from its owner': (chief, { id }) => chief.post(`/v1/staff/${id}/grant`, { grants: [] }),
};

describe.each(ENGINES)('on the %s engine, with two nodes', (engine) => {
  let here: TestService;
  let there: TestService;
  let remove: () => Promise<void>;
  let chief: Member;
  let people = 0;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    here = await startTestService({ ...store.env, HEARTBEAT_MS: '1000' });
    there = await startTestService(store.env);
    chief = await memberAs(here, 'chief');
  });

  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await remove();
  });

  const viewer = () => memberAs(here, 'viewer', 'en', `Viewer ${people++}`);

  it('says hello, and beats', async () => {
    const stream = await DeskStream.open(await viewer());
    await stream.until('beat');
    expect(stream.said).toEqual(['hello', 'beat']);
    expect(stream.data.get('hello')).toEqual({ heartbeatMs: 1000 });
    expect(stream.data.get('beat')).toEqual({ at: expect.stringMatching(/Z$/) });
    stream.close();
  });

  describe.each(['this', 'the other'])('is shut within a second on %s node', (node) => {
    it.each(Object.keys(ENDINGS))('when %s', async (ending) => {
      const member = await viewer();
      const { url } = node === 'this' ? here : there;
      const stream = await DeskStream.open({ url, cookie: member.cookie });
      const beside = await DeskStream.open({ url, cookie: chief.cookie });
      await Promise.all([stream.until('hello'), beside.until('hello')]);
      await ENDINGS[ending]?.(chief, member);
      await Promise.race([stream.ended, wait(1_000)]);
      expect(stream.said.filter((type) => type !== 'beat')).toEqual(['hello', 'signed-out']);
      expect(beside.said).not.toContain('signed-out');
      beside.close();
    });
  });

  it('is for keys as well, until they are revoked', async () => {
    const key = await keyFor(here.office, 'viewer', 'en');
    const stream = await DeskStream.open({ url: there.url, cookie: '' }, { Authorization: `Bearer ${key}` });
    await stream.until('hello');
    await here.office.keys.revoke(operator(), key.split('_')[1] ?? '');
    await Promise.race([stream.ended, wait(1_000)]);
    expect(stream.said).toEqual(['hello', 'signed-out']);
  });

  it('stays open when its owner proves anew who they are', async () => {
    const member = await viewer();
    const stream = await DeskStream.open({ url: there.url, cookie: member.cookie });
    await stream.until('hello');
    await member.signIn();
    await wait(1_100);
    expect(stream.said).not.toContain('signed-out');
    stream.close();
  });

  it('is open in all tabs of a browser, and shut in all', async () => {
    const member = await viewer();
    const tabs = await Promise.all([1, 2, 3].map(() => DeskStream.open(member)));
    tabs[0]?.close();
    await Promise.all(tabs.slice(1).map((tab) => tab.until('hello')));
    await member.post('/v1/sign-out');
    await Promise.all(tabs.slice(1).map(({ ended }) => ended));
    for (const tab of tabs.slice(1)) expect(tab.said).toContain('signed-out');
  });

  it('is refused to whoever may not read the desk, and to nobody', async () => {
    const member = await viewer();
    await chief.post(`/v1/staff/${member.id}/grant`, { grants: [] });
    expect((await DeskStream.open(member)).status).toBe(403);
    expect((await DeskStream.open({ url: here.url, cookie: '' })).status).toBe(401);
  });

  it('answers a HEAD and is done', async () => {
    const member = await viewer();
    const { status, headers } = await member.ask('HEAD', '/v1/desk/live', undefined, {});
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });
});

it('ends with its node, at once, and was no sign that somebody is there', async () => {
  const { env, remove } = await newStore('embedded');
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const [service, other] = [await startTestService(env, clock), await startTestService(env, clock)];
  const member = await memberAs(service, 'viewer');
  const version = async () => (await other.office.sessions.list(member.id))[0]?.version;
  const before = await version();
  ahead = 2 * 60_000;
  const stream = await DeskStream.open(member);
  await stream.until('hello');
  await service.close();
  await stream.ended;
  // Else it would have been waited for, and cut with whoever else is slow to go.
  expect([stream.said, stream.cut]).toEqual([['hello'], false]);
  expect(await version()).toBe(before);
  await other.close();
  await remove();
});
