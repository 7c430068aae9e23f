import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env);
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  const history = (id: string) => service.api.get(`/v1/items/${id}/history`);
  const amend = (id: string, revision: number, kind: string, headline: string, notice?: string) =>
    service.api.act(id, 'amend', { kind, revision, changes: { headline }, notice });

  it('is open to any site, and tells what became of an item', async () => {
    const { item } = await service.api.post('Northen line reopens', { label: 'explainer' });
    await amend(item.id, 1, 'refile', 'Northern line reopens');
    await service.api.act(item.id, 'pin', { pinnedUntil: new Date(Date.now() + 60_000).toISOString() });
    const { item: now } = await amend(item.id, 3, 'correction', 'Northern line stays shut', 'It has not reopened.');
    const { status, headers, body } = await history(item.id);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cache-control')).toBe('max-age=0, s-maxage=1, stale-while-revalidate=1');
    expect(body.item).toEqual(now);
    expect(body.history).toEqual([
      {
        revision: 1,
        kind: null,
        at: item.publishedAt,
        changes: [
          { field: 'headline', before: null, after: 'Northen line reopens' },
          { field: 'label', before: null, after: item.label },
          { field: 'urgency', before: null, after: 5 },
        ],
      },
      {
        revision: 2,
        kind: 'refile',
        at: now.amendments[0].at,
        changes: [{ field: 'headline', before: 'Northen line reopens', after: 'Northern line reopens' }],
      },
      {
        revision: 4,
        kind: 'correction',
        at: now.amendments[1].at,
        notice: 'It has not reopened.',
        changes: [{ field: 'headline', before: 'Northern line reopens', after: 'Northern line stays shut' }],
      },
    ]);
  });

  it('of a held item is not there, of a killed one is its tombstone', async () => {
    const { item } = await service.api.post('Canary', { edition: 'uk' });
    await service.api.act(item.id, 'hold');
    const [held, nothing] = [await history(item.id), await history('01900000-0000-7000-8000-000000000000')];
    expect(held).toMatchObject({ status: 404, body: { type: 'tag:motograph.example,2026:unknown-item' } });
    expect(held.body.detail.replace(item.id, '')).toBe(nothing.body.detail.replace(/[0-9a-f-]{36}/, ''));
    const { tombstone } = await service.api.act(item.id, 'kill', { notice: 'It was no bird.' });
    const killed = await history(item.id);
    expect(killed).toMatchObject({ status: 410, body: { tombstone } });
    expect(JSON.stringify(killed.body)).not.toContain('Canary');
    expect(killed.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('has no words that were amended again before the release', async () => {
    const { item } = await service.api.post('Before');
    await service.api.act(item.id, 'hold');
    await amend(item.id, 2, 'update', 'Canary');
    await amend(item.id, 3, 'update', 'After');
    await service.api.act(item.id, 'release');
    const { body } = await history(item.id);
    expect(body.history.at(-1).changes).toEqual([{ field: 'headline', before: 'Before', after: 'After' }]);
    expect(JSON.stringify(body)).not.toContain('Canary');
  });

  it('has a page in its edition, for people', async () => {
    const { item } = await service.api.post('Потяги їздять', { edition: 'uk' });
    await amend(item.id, 1, 'refile', 'Потяги ходять');
    const page = await service.api.get(`/uk/i/${item.id}`);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('max-age=0, s-maxage=1, stale-while-revalidate=1');
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    expect(page.body).toContain('<html lang="uk"');
    expect(page.body).toContain(`<link rel="canonical" href="${service.url}/uk/i/${item.id}"`);
    expect(page.body).toContain('Виправлено описку');
    expect(page.body).not.toMatch(/<style|style=|<script/);
    expect(await service.api.get(`/en/i/${item.id}`)).toMatchObject({ status: 404 });
    expect(await service.api.get(`/xx/i/${item.id}`)).toMatchObject({ status: 404 });
    expect(await service.api.get('/uk/i/x')).toMatchObject({ status: 404 });
    const { tombstone } = await service.api.act(item.id, 'kill', { notice: 'Не підтвердилося.' });
    expect(await service.api.get(`/uk/i/${item.id}`)).toMatchObject({ status: 410, body: { tombstone } });
    expect(await service.api.get(`/en/i/${item.id}`)).toMatchObject({ status: 404 });
  });

  it.each(['x', '%27', '01900000-0000-7000-8000-000000000000/x', '../../healthz'])('of %s is not there', async (id) => {
    expect(await history(id)).toMatchObject({ status: 404 });
  });
});
