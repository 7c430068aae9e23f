import { mkdtemp, writeFile } from 'node:fs/promises';
import { get, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';

/** A newsroom.json with this edition alone. */
async function newsroomOf(edition: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'motograph-newsroom-')), 'newsroom.json');
  const info = { name: 'Edition', language: 'en', timeZone: 'UTC', zoneLabel: 'UTC' };
  await writeFile(file, JSON.stringify({ name: 'Test', editions: { [edition]: info } }));
  return file;
}

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let env: Record<string, string>;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ env, remove } = await newStore(engine));
    service = await startTestService(env);
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  /** The snapshot as it is once this node has followed to the position. */
  const snapshotAt = (position: string) => service.api.get(`/v1/editions/en/snapshot?min=${position}`);

  it('answers 304 while nothing has changed, and anew once something has', async () => {
    const { position } = await service.api.post('First');
    const first = await snapshotAt(position);
    expect(first.headers.get('cache-control')).toBe('max-age=0, s-maxage=1, stale-while-revalidate=1');
    const etag = first.headers.get('etag') ?? '';
    expect(await statusFor(etag)).toBe(304);
    const second = await service.api.post('Second');
    await snapshotAt(second.position);
    expect(await statusFor(etag)).toBe(200);
  });

  it('has the poster read what was just posted, when asked for no older than its position', async () => {
    for (let time = 0; time < 20; time++) {
      const { position, item } = await service.api.post(`Just posted ${time}`);
      expect((await snapshotAt(position)).body.items[0]).toEqual(item);
    }
  });

  it('serves a snapshot even for a position that it will never reach', async () => {
    expect((await snapshotAt('other.99.000000000000')).status).toBe(200);
    expect((await snapshotAt('nonsense')).status).toBe(200);
  });

  it('puts a pinned item first, and lists by tag and by section', async () => {
    const { item } = await service.api.post('Pinned', { tags: ['Збройні сили'], section: 'war' });
    await service.api.post('Newer');
    const pinnedUntil = new Date(Date.now() + 60_000).toISOString();
    const { position } = await service.api.act(item.id, 'pin', { pinnedUntil });
    expect((await snapshotAt(position)).body.items[0]).toMatchObject({ id: item.id, pinnedUntil });
    for (const view of [`tag=${encodeURIComponent('збройні-сили')}`, 'section=war']) {
      const { body } = await service.api.get(`/v1/editions/en/snapshot?${view}`);
      expect(body.items.map(({ id }: { id: string }) => id)).toEqual([item.id]);
    }
    expect(await service.api.act(item.id, 'unpin')).not.toHaveProperty('item.pinnedUntil');
  });

  it.each(['text/event-stream', 'text/event-stream, text/plain'])(
    'goes on after the last event that a reader of %s had, not from where the page began',
    async (accept) => {
      const [{ position: since }, { position: last }] = [await service.api.post('One'), await service.api.post('Two')];
      await snapshotAt(last);
      const path = `/v1/editions/en/live?since=${since}`;
      expect(await read(path, { accept })).toContain(`event: hello\nid: ${since}\n`);
      expect(await read(path, { accept, 'last-event-id': last })).toContain(`event: hello\nid: ${last}\n`);
    },
  );

  it('lets any site read, and none post', async () => {
    const { item } = await service.api.post('Open to all');
    for (const path of ['/v1/editions', '/v1/editions/en/snapshot', `/v1/items/${item.id}`, '/ticker.js']) {
      const { headers } = await service.api.get(path, { Origin: 'https://elsewhere.example' });
      expect(headers.get('access-control-allow-origin'), path).toBe('*');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('cross-origin');
      expect(headers.get('set-cookie'), path).toBeNull();
    }
    for (const path of ['/v1/items', `/v1/items/${item.id}/hold`]) {
      const { headers } = await service.api.send(path, {}, { Origin: 'https://elsewhere.example' });
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });

  it('renders the page with ten rows, in a strict policy', async () => {
    for (let number = 1; number <= 12; number++) await service.api.post(`On the page <b>${number}</b>`);
    const { position } = await service.api.post('Last on the page');
    await snapshotAt(position);
    const { body, headers } = await service.api.get('/en');
    expect(body.match(/<li class="row/g)).toHaveLength(10);
    expect(body).toContain('On the page &lt;b>12&lt;/b>');
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    expect(body).not.toMatch(/<style|style=|<script(?! type="module" src=)/);
  });

  it('shows a held and a killed text on no surface, whichever there are', async () => {
    const words = { headline: 'Canary', url: 'https://news.example/canary', tags: ['Canary'], byline: 'A. Canary' };
    const held = await service.api.post(words.headline, words);
    const killed = await service.api.post(words.headline, words);
    await service.api.act(killed.item.id, 'amend', {
      kind: 'correction',
      revision: 1,
      notice: 'Canary notice',
      changes: { url: null },
    });
    await service.api.act(held.item.id, 'hold');
    const { position } = await service.api.act(killed.item.id, 'kill', { notice: 'Withdrawn.' });
    await snapshotAt(position);
    const surfaces = service.routes.filter(({ surface }) => surface);
    expect(surfaces.length).toBeGreaterThan(3);
    for (const { path } of surfaces)
      for (const id of [held.item.id, killed.item.id])
        for (const query of ['', '?tag=canary', '?limit=100', '?wait=0&since=x', '?wait=0'])
          expect(await readBoth(path.replace(':edition', 'en').replace(':id', id) + query), path).not.toMatch(
            /canary(?!")/i,
          );
  });

  it('leaves out of reach what is in an edition that newsroom.json no longer has', async () => {
    const url = 'https://news.example/gone';
    const { item } = await service.api.post('Gone with its edition', { edition: 'ru', url });
    const { item: killed } = await service.api.post('Killed before', { edition: 'ru' });
    await service.api.act(killed.id, 'kill', { notice: 'False.' });
    const less = await startTestService({ ...env, NEWSROOM_FILE: await newsroomOf('en') });
    const paths = [item, killed].flatMap(({ id }) => [
      `/v1/items/${id}`,
      `/v1/items/${id}/history`,
      `/ru/i/${id}`,
      `/r/${id}`,
    ]);
    for (const path of [...paths, '/ru', '/v1/editions/ru/snapshot'])
      expect(await less.api.get(path), path).toMatchObject({ status: 404 });
    expect(await less.api.send(`/v1/items/${item.id}/kill`, { notice: 'x' })).toMatchObject({ status: 404 });
    await less.close();
    expect(await service.api.get(`/v1/items/${item.id}`)).toMatchObject({ status: 200 });
  });

  it('is ready, and says what an acknowledgement is worth', async () => {
    const durability = engine === 'embedded' ? 'sqlite-full' : expect.stringMatching(/^aof-|^none$/);
    expect(await service.api.get('/readyz')).toMatchObject({ status: 200, body: { ready: true, engine, durability } });
    expect(await service.api.get('/healthz')).toMatchObject({ status: 200 });
  });

  /** As a cache asks: `fetch` would add `no-cache`. */
  function statusFor(etag: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const headers = { 'If-None-Match': etag };
      get(`${service.url}/v1/editions/en/snapshot`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
  }

  /** Whatever comes within a moment, as both a plain answer and a stream; redirects are not followed. */
  async function readBoth(path: string): Promise<string> {
    const answers = ['application/json', 'text/event-stream'].map((accept) => read(path, { accept }));
    return (await Promise.all(answers)).join('\n');
  }

  /** The head and what comes with it, or of a stream its first event. */
  function read(path: string, headers: OutgoingHttpHeaders): Promise<string> {
    return new Promise((resolve) => {
      const request = get(`${service.url}${path}`, { headers }, (response) => {
        let text = JSON.stringify(response.headers);
        response.on('data', (data) => {
          text += data;
          if (response.headers['content-type']?.startsWith('text/event-stream') && text.includes('\n\n'))
            request.destroy();
        });
        response.on('close', () => resolve(text));
      });
    });
  }
});
