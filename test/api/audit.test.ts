import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { routeTable } from '../../server/http/app.ts';
import { ASKS, type Asker, World } from '../support/asks.ts';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';
import { type Member, memberAs } from '../support/staff.ts';

const POSTS = routeTable({ settings: {} } as never).filter(({ method }) => method === 'post');
/** What they begin ends by itself, or is another route's to change. */
const BEGIN = /\/options$|\/look$|\/sso$|\/v1\/links\/accept|\/v1\/sign-in\//;

describe.each(ENGINES)('the audit on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  let chief: Member;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env);
    chief = await memberAs(service, 'chief', '*', 'Olena');
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  const lines = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  it('tells who changed an item, how, from where and with which notice, and after a kill no text', async () => {
    const { item } = (await chief.post('/v1/items', { edition: 'en', headline: 'Secret words' })).body;
    const correction = {
      kind: 'correction',
      revision: 1,
      changes: { headline: 'Other words' },
      notice: 'It was wrong.',
    };
    await chief.post(`/v1/items/${item.id}/amend`, correction);
    const of = { id: item.id, actor: `staff:${chief.id}`, from: '127.0.0.1', digest: expect.any(String) };
    const rows = async () => (await chief.get('/v1/audit?edition=en&limit=3')).body.rows;
    expect((await rows()).slice(0, 2)).toMatchObject([
      { ...of, action: 'amend', kind: 'correction', revision: 2, notice: 'It was wrong.' },
      { ...of, action: 'publish', revision: 1 },
    ]);
    await chief.post(`/v1/items/${item.id}/kill`, { notice: 'Never said.' });
    const after = await rows();
    expect(after[0]).toMatchObject({ action: 'kill', revision: 3, notice: 'Never said.' });
    expect(JSON.stringify(after)).not.toMatch(/words|It was wrong/);
  });

  it('is read page by page, the newest first, and exported whole', async () => {
    for (let at = 0; at < 5; at++) await service.api.post(`Headline ${at}`, { edition: 'ru' });
    const { rows, before } = (await chief.get('/v1/audit?edition=ru&limit=2')).body;
    const second = (await chief.get(`/v1/audit?edition=ru&limit=2&before=${before}`)).body;
    const third = (await chief.get(`/v1/audit?edition=ru&limit=2&before=${second.before}`)).body;
    const all = [...rows, ...second.rows, ...third.rows];
    const seqs = all.map(({ seq }: { seq: number }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    expect(new Set(seqs).size).toBe(5);
    expect(third).not.toHaveProperty('before');
    const exported = await chief.get('/v1/audit/export?edition=ru');
    expect(Object.fromEntries(exported.headers)).toMatchObject({
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': 'attachment; filename=audit-ru.jsonl',
    });
    expect(lines(exported.body)).toEqual(all);
  });

  it('is exported whole when it is longer than one page of the store', async () => {
    const { records } = service.office.engine;
    const act = { actor: 'test', from: 'test', action: 'granted', subject: 'staff:x', editions: [] };
    await Promise.all(Array.from({ length: 1_001 }, (_, at) => records.change([], { ...act, why: String(at) })));
    const rows = lines((await chief.get('/v1/audit/export')).body);
    const seqs = rows.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(rows.filter(({ actor }) => actor === 'test')).toHaveLength(1_001);
    const head = await chief.ask('HEAD', '/v1/audit/export', undefined, {});
    expect([head.status, head.body]).toEqual([200, '']);
  });

  it('of staff and keys is for chiefs of all editions, of an edition for its editors', async () => {
    const far = await memberAs(service, 'chief', 'uk', 'Chief of uk');
    for (const path of ['/v1/audit', '/v1/audit/export']) {
      expect((await far.get(path)).status).toBe(403);
      expect((await far.get(`${path}?edition=en`)).status).toBe(403);
      expect((await far.get(`${path}?edition=uk`)).status).toBe(200);
      expect((await chief.get(`${path}?edition=fr`)).status).toBe(404);
    }
    expect((await far.get('/desk/audit')).body).toContain('/desk/audit?edition=uk');
    expect((await far.get('/desk/audit')).body).not.toContain('/desk/audit?edition=en');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=ten', 'limit'],
    ['before=0', 'before'],
    ['before=-1', 'before'],
    ['before=1e99', 'before'],
    ['edition=en&edition=uk', 'edition'],
  ])('is not asked for with ?%s', async (query, field) => {
    const { status, body } = await chief.get(`/v1/audit?${query}`);
    expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
  });

  it.each(POSTS.filter(({ path }) => !BEGIN.test(path)).map(({ path }) => path))(
    'has a row for each change that POST %s makes',
    async (route) => {
      const world = new World(service);
      const visitor = route === '/v1/sign-out' ? await chief.elsewhere() : chief;
      if (route === '/v1/me/sessions/end') await chief.elsewhere();
      const asker: Asker = { by: 'session', role: 'chief', visitor, headers: {} };
      const { path = route, body, status = 200 } = (await ASKS[`POST ${route}`]?.(world, asker)) ?? {};
      const count = async () => {
        const { engine } = service.office;
        return (await engine.records.acts(10_000)).length + (await engine.audit('en', 10_000)).length;
      };
      const before = await count();
      const answer = await visitor.post(path.replace(':act', route.split('/').at(-1) ?? ''), body);
      expect([answer.status, (await count()) - before]).toEqual([status, status < 300 ? 1 : 0]);
    },
  );

  it('names the account at the command line', async () => {
    await service.office.keys.add(operator(), { name: 'CMS', role: 'viewer', editions: ['en'] });
    expect((await service.office.engine.records.acts(1))[0]?.actor).toMatch(/^cli:./);
  });
});
