import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ENGINES, keyFor, newStore, startTestService, type TestService } from '../support/service.ts';

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  let reporter: string;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env);
    reporter = await keyFor(service.office, 'reporter', 'en');
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  function ask(query: Record<string, string>, key = reporter): Promise<Answer> {
    return service.api.get(`/v1/similar?${new URLSearchParams(query)}`, { Authorization: `Bearer ${key}` });
  }

  const found = async (headline: string) => (await ask({ edition: 'en', headline })).body.similar;

  it('finds what the edition has published of the same story', async () => {
    const url = 'https://news.example/northern-line';
    const { item: one } = await service.api.post('Northern line reopens after three days', { url });
    const { item: two } = await service.api.post('Northern line reopens after four days');
    await service.api.post('Northern line reopens after three days', { edition: 'uk', url });
    const answer = await ask({ edition: 'en', headline: 'Northern line reopens after 4 days', url: `${url}/#top` });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body.similar).toEqual([
      { item: one, why: 'url', similarity: 1 },
      { item: two, why: 'headline', similarity: 33 / 40 },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('finds nothing of what is held or killed, as soon as that is answered', async () => {
    const headline = 'Canary escapes from the coal mine';
    const { item } = await service.api.post(headline);
    expect(await found(headline)).toHaveLength(1);
    await service.api.act(item.id, 'hold');
    expect(await found(headline)).toEqual([]);
    await service.api.act(item.id, 'release');
    expect(await found(headline)).toMatchObject([{ item: { id: item.id, revision: 3 } }]);
    await service.api.act(item.id, 'kill', { notice: 'There is no mine.' });
    expect(await found(headline)).toEqual([]);
  });

  it('answers those who may draft in the edition, and nobody else', async () => {
    expect(await ask({ edition: 'en' })).toMatchObject({ status: 200, body: { similar: [] } });
    expect(await ask({ edition: 'uk' })).toMatchObject({ status: 403 });
    expect(await ask({ edition: 'xx' })).toMatchObject({ status: 404 });
    expect(await ask({ edition: 'en' }, await keyFor(service.office, 'viewer'))).toMatchObject({ status: 403 });
    expect(await ask({ edition: 'en' }, 'mg_nobody')).toMatchObject({ status: 401 });
    expect(await ask({})).toMatchObject({ status: 422, body: { errors: [{ field: 'edition' }] } });
    expect(await ask({ edition: 'en', headline: 'x'.repeat(4_097) })).toMatchObject({ status: 422 });
  });

  it('takes what is half typed', async () => {
    for (const draft of [{ url: 'htt' }, { url: 'https://' }, { headline: 'N' }, { headline: ' \u202e' }])
      expect(await ask({ edition: 'en', ...draft })).toMatchObject({ status: 200, body: { similar: [] } });
  });
});
