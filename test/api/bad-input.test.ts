import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { LIMITS } from '../../shared/item.ts';
import { Api, ENGINES, keyFor, newStore, startTestService, type TestService } from '../support/service.ts';

const GOOD = { edition: 'en', headline: 'A fine headline' };
const MISSING = '01900000-0000-7000-8000-000000000000';

/** What is sent, what must come back, and the field or words that the message must name. */
interface Case {
  what: string;
  path?: string;
  as?: 'nobody' | 'wrong secret' | 'revoked' | 'reporter' | 'editor of uk';
  body?: unknown;
  headers?: Record<string, string>;
  status: number;
  type: string;
  names: string;
}

const headline = (text: string) => ({ ...GOOD, headline: text });
const invalid = (what: string, body: unknown, names: string): Case => ({
  what,
  body,
  status: 422,
  type: 'invalid',
  names,
});

const CASES: Case[] = [
  { what: 'no key', as: 'nobody', status: 401, type: 'no-credentials', names: 'API key' },
  { what: 'a key with another secret', as: 'wrong secret', status: 401, type: 'no-credentials', names: 'API key' },
  { what: 'a revoked key', as: 'revoked', status: 401, type: 'no-credentials', names: 'API key' },
  { what: 'a role that may not', as: 'reporter', status: 403, type: 'forbidden', names: 'publish' },
  { what: 'the right role in another edition', as: 'editor of uk', status: 403, type: 'forbidden', names: '"en"' },
  { what: 'an unknown edition', body: { ...GOOD, edition: 'fr' }, status: 404, type: 'unknown-edition', names: '"fr"' },
  { what: 'broken JSON', body: '{"edition": "en", ', status: 400, type: 'broken-json', names: 'not JSON' },
  invalid('a list for a body', '["en"]', 'body is not of type object'),
  invalid('a word for a body', '"en"', 'body is not of type object'),
  invalid('a null for a body', 'null', 'body is not of type object'),
  {
    what: 'another content type',
    headers: { 'Content-Type': 'text/plain' },
    status: 415,
    type: 'not-json',
    names: 'application/json',
  },
  { what: 'a body over 64 KB', body: headline('x'.repeat(65_536)), status: 413, type: 'too-large', names: '64 KB' },
  {
    what: 'an idempotency key with a space',
    headers: { 'Idempotency-Key': 'a b' },
    status: 422,
    type: 'invalid',
    names: 'Idempotency-Key',
  },
  invalid('no headline', { edition: 'en' }, 'headline is required'),
  invalid('an empty headline', headline(' \n\t '), 'headline is empty'),
  invalid('a headline of invisible characters', headline('\u200b\u200d'), 'headline is empty'),
  invalid('a headline of letters and symbols that nobody sees', headline('\u3164\uffa0\u2800'), 'headline is empty'),
  invalid('a headline that is a number', headline(7 as unknown as string), 'headline'),
  invalid(
    'a headline one character too long',
    headline('x'.repeat(LIMITS.headline + 1)),
    'headline has 301 characters',
  ),
  invalid('a control character', headline('a\u0007b'), 'headline holds a control character'),
  invalid('a direction override', headline('a\u202eb'), 'headline holds a character that overrides'),
  invalid('half a surrogate pair', '{"edition":"en","headline":"a\\ud83db"}', 'headline holds half'),
  invalid('a javascript: url', { ...GOOD, url: 'javascript:alert(1)' }, 'url'),
  invalid('a data: url', { ...GOOD, url: 'data:text/html,x' }, 'url'),
  invalid('a url with a password', { ...GOOD, url: 'https://user:secret@news.example/' }, 'url holds a user name'),
  invalid('a url that is none', { ...GOOD, url: 'news' }, 'url'),
  invalid(
    'a url one character too long',
    { ...GOOD, url: `https://news.example/${'x'.repeat(LIMITS.url - 20)}` },
    'url',
  ),
  invalid('13 tags', { ...GOOD, tags: Array.from({ length: 13 }, (_, n) => `Tag ${n}`) }, 'tags'),
  invalid('a tag without a letter', { ...GOOD, tags: ['!!!'] }, 'tags.0'),
  invalid('an unknown label', { ...GOOD, label: 'gossip' }, 'label is unknown'),
  invalid('an unknown section', { ...GOOD, section: 'gossip' }, 'section is unknown'),
  invalid('an urgency of 0', { ...GOOD, urgency: 0 }, 'urgency'),
  invalid('an urgency of 10', { ...GOOD, urgency: 10 }, 'urgency'),
  invalid('a future publishedAt', { ...GOOD, publishedAt: '2999-01-01T00:00:00Z' }, 'publishedAt'),
  invalid('an unknown field', { ...GOOD, headlien: 'x' }, 'headlien'),
  {
    what: 'an item that is not there',
    path: `/v1/items/${MISSING}/hold`,
    body: {},
    status: 404,
    type: 'unknown-item',
    names: MISSING,
  },
  { what: 'an id that is none', path: '/v1/items/7/hold', body: {}, status: 404, type: 'unknown-item', names: '7' },
  { what: 'an address that is none', path: '/v1/nothing', body: {}, status: 404, type: 'not-found', names: 'address' },
];

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  const apis = new Map<Case['as'], Api>();

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env);
    const { url, office } = service;
    const chief = await keyFor(office, 'chief');
    const revoked = await keyFor(office, 'chief');
    await office.keys.revoke(operator(), revoked.split('_')[1] ?? '');
    apis.set(undefined, service.api);
    apis.set('nobody', new Api(url, ''));
    apis.set('wrong secret', new Api(url, `${chief.slice(0, -2)}xx`));
    apis.set('revoked', new Api(url, revoked));
    apis.set('reporter', new Api(url, await keyFor(office, 'reporter')));
    apis.set('editor of uk', new Api(url, await keyFor(office, 'editor', 'uk')));
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  const stored = async () => {
    const { engine } = service.office;
    return { rows: await engine.rows('en', { limit: 500 }), audit: await engine.audit('en', 1000) };
  };

  it.each(CASES)(
    'refuses $what with $status',
    async ({ path = '/v1/items', as, body = GOOD, headers, status, type, names }) => {
      const before = await stored();
      const answer = await apis.get(as)?.send(path, body, headers);
      expect(answer?.status).toBe(status);
      expect(answer?.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer?.body).toMatchObject({ status, type: expect.stringMatching(new RegExp(`[:/]${type}$`)) });
      expect(`${answer?.body.detail} ${JSON.stringify(answer?.body.errors ?? [])}`).toContain(names);
      expect(await stored()).toEqual(before);
    },
  );

  it('takes what is exactly at the limits', async () => {
    const long = 'ї🚨'.repeat(LIMITS.headline / 2);
    const body = await service.api.post(long, {
      url: `https://news.example/${'x'.repeat(LIMITS.url - 21)}`,
      tags: Array.from({ length: LIMITS.tags }, (_, n) => `${n}`.padEnd(LIMITS.tag, 'x')),
    });
    expect(body.item.headline).toBe(long);
    expect(body.item.url).toHaveLength(LIMITS.url);
    expect(body.item.tags).toHaveLength(LIMITS.tags);
  });

  it('folds white space, normalises, and takes a tag once', async () => {
    const { item } = await service.api.post(' Two\n  lines\u00a0and Cafe\u0301 ', {
      tags: ['Kyiv', ' kyiv ', 'Збройні сили'],
    });
    expect(item.headline).toBe('Two lines and Café');
    expect(item.tags).toEqual([
      { slug: 'kyiv', name: 'Kyiv' },
      { slug: 'збройні-сили', name: 'Збройні сили' },
    ]);
  });

  describe('on an item there is', () => {
    it('refuses a stale revision with the item as it is', async () => {
      const { item } = await service.api.post('First words');
      const amendment = { kind: 'refile', revision: 1, changes: { headline: 'Better words' } };
      await service.api.act(item.id, 'amend', amendment);
      const before = await stored();
      const answer = await service.api.send(`/v1/items/${item.id}/amend`, amendment);
      expect(answer).toMatchObject({ status: 409, body: { item: { revision: 2, headline: 'Better words' } } });
      expect(answer.body.detail).toContain('revision 2');
      expect(await stored()).toEqual(before);
    });

    it('refuses an idempotency key with another body, and answers a repeated request as it did', async () => {
      const headers = { 'Idempotency-Key': `key-${engine}` };
      const first = await service.api.send('/v1/items', GOOD, headers);
      expect(first).toMatchObject({ status: 201 });
      const before = await stored();
      const again = await service.api.send('/v1/items', GOOD, headers);
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const other = await service.api.send('/v1/items', { ...GOOD, headline: 'Other' }, headers);
      expect(other).toMatchObject({ status: 422, body: { type: expect.stringContaining('key-reused') } });
      expect(await stored()).toEqual(before);
      const else_ = new Api(service.url, await keyFor(service.office, 'editor'));
      expect((await else_.send('/v1/items', GOOD, headers)).body.item.id).not.toBe(first.body.item.id);
    });

    it('answers a repeated amend, release and kill, though the item has moved on', async () => {
      const { item } = await service.api.post('Once');
      const twice = async (act: string, body: unknown) => {
        const headers = { 'Idempotency-Key': `${act}-${item.id}` };
        const first = await service.api.send(`/v1/items/${item.id}/${act}`, body, headers);
        const again = await service.api.send(`/v1/items/${item.id}/${act}`, body, headers);
        expect(first.status).toBe(200);
        expect(again).toMatchObject({ status: 200, body: { position: first.body.position } });
      };
      await twice('amend', { kind: 'update', revision: 1, changes: { headline: 'Twice' } });
      await twice('hold', {});
      await twice('release', {});
      await twice('kill', { notice: 'False.' });
      expect((await service.office.engine.audit('en', 4)).map(({ action }) => action)).toEqual([
        'kill',
        'release',
        'hold',
        'amend',
      ]);
    });

    it.each([
      ['a kill without a notice', 'kill', {}, 'notice is required'],
      [
        'a correction without a notice',
        'amend',
        { kind: 'correction', revision: 1, changes: { headline: 'x' } },
        'notice is required',
      ],
      [
        'a clarification without a notice',
        'amend',
        { kind: 'clarification', revision: 1, changes: {} },
        'notice is required',
      ],
      [
        'an update that changes nothing',
        'amend',
        { kind: 'update', revision: 1, changes: { headline: 'Fixed' } },
        'to update is to change something',
      ],
      ['a refile without changes', 'amend', { kind: 'refile', revision: 1 }, 'to refile is to change something'],
      ['an unknown kind', 'amend', { kind: 'recast', revision: 1, changes: { headline: 'x' } }, 'kind'],
      [
        'an amendment of the edition',
        'amend',
        { kind: 'refile', revision: 1, changes: { edition: 'uk' } },
        'changes.edition',
      ],
      ['an amendment without a revision', 'amend', { kind: 'refile', changes: { headline: 'x' } }, 'revision'],
      ['a pin in the past', 'pin', { pinnedUntil: '2020-01-01T00:00:00Z' }, 'pinnedUntil'],
      ['a pin for ever', 'pin', { pinnedUntil: '2999-01-01T00:00:00Z' }, 'pinnedUntil'],
      ['a hold with a reason that it has no field for', 'hold', { reason: 'x' }, 'reason'],
    ])('refuses %s with 422', async (_what, act, body, names) => {
      const { item } = await service.api.post('Fixed');
      const before = await stored();
      const answer = await service.api.send(`/v1/items/${item.id}/${act}`, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toContain(names);
      expect(await stored()).toEqual(before);
    });

    it('refuses everything on a killed item with 410 and its tombstone', async () => {
      const { item } = await service.api.post('Never to be seen again');
      const { tombstone } = await service.api.act(item.id, 'kill', { notice: 'It was false.' });
      expect(tombstone).toMatchObject({ id: item.id, revision: 2, notice: 'It was false.' });
      const before = await stored();
      const amend = { kind: 'refile', revision: 2, changes: { headline: 'Back again' } };
      for (const [act, body] of Object.entries({ amend, hold: {}, release: {}, kill: { notice: 'x' }, unpin: {} })) {
        const answer = await service.api.send(`/v1/items/${item.id}/${act}`, body);
        expect(answer).toMatchObject({ status: 410, body: { tombstone } });
      }
      expect(await service.api.get(`/v1/items/${item.id}`)).toMatchObject({ status: 410, body: { tombstone } });
      expect(await stored()).toEqual(before);
    });

    it('refuses the release of an item that is not held, and keeps a held one out of sight', async () => {
      const { item } = await service.api.post('Doubtful');
      expect(await service.api.send(`/v1/items/${item.id}/release`, {})).toMatchObject({ status: 409 });
      await service.api.act(item.id, 'hold');
      expect(await service.api.get(`/v1/items/${item.id}`)).toMatchObject({ status: 404 });
      expect(
        await service.api.send(`/v1/items/${item.id}/pin`, {
          pinnedUntil: new Date(Date.now() + 60_000).toISOString(),
        }),
      ).toMatchObject({ status: 409 });
      await service.api.act(item.id, 'release');
      expect(await service.api.get(`/v1/items/${item.id}`)).toMatchObject({ status: 200, body: { revision: 3 } });
    });

    it('asks for the right in the edition of the item, not in any', async () => {
      const { item } = await service.api.post('An English item');
      const chief = new Api(service.url, await keyFor(service.office, 'chief', 'uk'));
      const before = await stored();
      for (const [act, body] of Object.entries({ hold: {}, kill: { notice: 'x' }, unpin: {}, release: {} }))
        expect(await chief.send(`/v1/items/${item.id}/${act}`, body)).toMatchObject({ status: 403 });
      expect(await stored()).toEqual(before);
    });

    it('lets an editor hold but not kill', async () => {
      const { item } = await service.api.post('Contested');
      const editor = new Api(service.url, await keyFor(service.office, 'editor'));
      expect(await editor.send(`/v1/items/${item.id}/kill`, { notice: 'x' })).toMatchObject({ status: 403 });
      expect(await editor.send(`/v1/items/${item.id}/hold`, {})).toMatchObject({
        status: 200,
        body: { state: 'withheld' },
      });
    });
  });

  it.each([
    ['an unknown edition', '/v1/editions/fr/snapshot', 404],
    ['a limit of 0', '/v1/editions/en/snapshot?limit=0', 422],
    ['a limit of 101', '/v1/editions/en/snapshot?limit=101', 422],
    ['a tag and a section at once', '/v1/editions/en/snapshot?tag=a&section=b', 422],
    ['a wait of 61 s', '/v1/editions/en/live?wait=61', 422],
    ['a live stream of no edition', '/v1/editions/fr/live', 404],
    ['a percent sign alone', '/v1/editions/%/snapshot', 404],
  ])('refuses a reader who asks for %s', async (_what, path, status) => {
    expect(await service.api.get(path)).toMatchObject({ status, body: { status } });
  });
});
