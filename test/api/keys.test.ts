import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../server/clock.ts';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';
import { type Member, memberAs } from '../support/staff.ts';

describe.each(ENGINES)('API keys on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  let chief: Member;
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env, clock);
    chief = await memberAs(service, 'chief');
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  const add = async (body: object, by = chief) =>
    by.post('/v1/keys', { name: 'CMS', role: 'viewer', editions: ['*'], ...body });
  const listed = async (id: string) =>
    (await chief.get('/v1/keys')).body.keys.find((key: { id: string }) => key.id === id);
  const use = (key: string) => chief.get('/v1/audience', { Authorization: `Bearer ${key}` });

  it('are shown once, used at once, and kept as a digest', async () => {
    const { status, body } = await add({ role: 'editor', editions: ['en', 'uk', 'en'] });
    expect([status, body]).toEqual([
      200,
      { id: expect.any(String), key: expect.stringMatching(/^mg_[0-9a-f]{12}_[\w-]{43}$/) },
    ]);
    expect((await use(body.key)).status).toBe(200);
    const grants = ['en', 'uk'].map((edition) => ({ role: 'editor', edition }));
    expect(await listed(body.id)).toMatchObject({ name: 'CMS', grants, createdAt: expect.any(String) });
    const stored = JSON.stringify(await service.office.engine.records.list('key'));
    expect(stored).not.toContain(body.key.slice('mg_000000000000_'.length));
  });

  it('say when they were last used, at the cost of a write a minute', async () => {
    const { id, key } = (await add({ role: 'editor' })).body;
    expect(await listed(id)).not.toHaveProperty('lastUsedAt');
    const version = async () => (await service.office.engine.records.get('key', id))?.version;
    for (let at = 0; at < 5; at++) await use(key);
    const { lastUsedAt } = await listed(id);
    expect(Date.now() + ahead - Date.parse(lastUsedAt)).toBeLessThan(10_000);
    expect(await version()).toBe(2);
    ahead += 60_000;
    for (let at = 0; at < 5; at++) await use(key);
    expect(await version()).toBe(3);
    expect((await listed(id)).lastUsedAt > lastUsedAt).toBe(true);
  });

  it('are revoked at once, for good, and stay on record with the time', async () => {
    const { id, key } = (await add({ role: 'editor' })).body;
    expect((await use(key)).status).toBe(200);
    expect(await chief.post(`/v1/keys/${id}/revoke`)).toMatchObject({ status: 200, body: {} });
    expect((await use(key)).status).toBe(401);
    const { revokedAt } = await listed(id);
    expect(revokedAt).toMatch(/Z$/);
    expect((await chief.post(`/v1/keys/${id}/revoke`)).status).toBe(200);
    expect((await listed(id)).revokedAt).toBe(revokedAt);
  });

  it('stay revoked when a request that still had one says that it was used', async () => {
    const { id, key } = (await add({ role: 'editor' })).body;
    await Promise.all([...Array.from({ length: 8 }, () => use(key)), chief.post(`/v1/keys/${id}/revoke`)]);
    expect((await use(key)).status).toBe(401);
    expect(await listed(id)).toHaveProperty('revokedAt');
  });

  it('are made and revoked with a row in the audit each', async () => {
    const { id } = (await add({ editions: ['en'] })).body;
    await chief.post(`/v1/keys/${id}/revoke`);
    await chief.post(`/v1/keys/${id}/revoke`);
    const { rows } = (await chief.get('/v1/audit')).body;
    const about = rows.filter(({ subject }: { subject: string }) => subject === `key:${id}`);
    const row = { actor: `staff:${chief.id}`, from: '127.0.0.1', editions: ['en'], why: 'viewer' };
    expect(about).toMatchObject([
      { ...row, action: 'key-revoked' },
      { ...row, action: 'key-added' },
    ]);
  });

  it('are given by nobody who has less, and seen by nobody who could not have given them', async () => {
    const far = await memberAs(service, 'chief', 'uk', 'Chief of uk');
    for (const editions of [['en'], ['*'], ['uk', 'en']])
      expect((await add({ editions }, far)).body.type).toMatch(/:forbidden$/);
    const { id } = (await add({ editions: ['uk'] }, far)).body;
    await add({ editions: ['uk', 'en'] });
    expect((await far.get('/v1/keys')).body.keys.map((key: { id: string }) => key.id)).toEqual([id]);
  });

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(81) }, 'name'],
    ['an unknown role', { role: 'king' }, 'role'],
    ['no edition', { editions: [] }, 'editions'],
    ['an unknown edition', { editions: ['fr'] }, 'editions'],
  ])('are not made with %s', async (_what, body, field) => {
    const { status, body: problem } = await add(body);
    expect([404, 422]).toContain(status);
    expect(problem.errors[0].field).toBe(field);
  });
});
