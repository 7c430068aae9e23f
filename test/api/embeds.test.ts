import { request as send } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUDGET } from '../../client/budget.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let remove: () => Promise<void>;

beforeAll(async () => {
  const store = await newStore('embedded');
  remove = store.remove;
  service = await startTestService(store.env);
});

afterAll(async () => {
  await service.close();
  await remove();
});

interface Sent {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

/** The answer as it goes over the wire: not unpacked, not followed. */
function get(path: string, headers: Record<string, string> = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = send(`${service.api.url}${path}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) });
    });
    request.on('error', reject).end();
  });
}

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const SYLLABLES = ['ри', 'жа', 'ку', 'ле', 'то', 'ні', 'ща', 'во', 'дя', 'бу', 'ґе', 'їх', 'мо', 'па', 'сю', 'фе'];

/** Words that nobody has seen, so that they do not pack better than a newsroom's. */
function headlineOf(number: number, length: number): string {
  let state = number + 1;
  let text = '';
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${SYLLABLES[state % 16]}${state % 5 === 0 ? ' ' : ''}`;
  }
  return text.slice(0, length).trim();
}

describe('the scripts', () => {
  it.each(Object.entries(BUDGET))(
    '%s is sent in no more than %i bytes, and is what it is unpacked',
    async (name, most) => {
      const { bytes, headers } = await get(`/${name}`, { 'Accept-Encoding': 'gzip' });
      expect(headers['content-encoding']).toBe('gzip');
      expect(bytes.length).toBeLessThanOrEqual(most);
      expect(gunzipSync(bytes).equals((await get(`/${name}`)).bytes)).toBe(true);
    },
  );
});

describe('the iframe page', () => {
  it('has ten headlines in its first response, within 14 KB as sent, however long they are', async () => {
    for (let number = 0; number < 12; number++)
      await service.api.post(headlineOf(number, 300), {
        edition: 'uk',
        url: `https://news.example/${headlineOf(number + 50, 60)}`,
        label: 'explainer',
      });
    const { bytes, headers } = await get('/embed/uk', { 'Accept-Encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(bytes.length).toBeLessThanOrEqual(14 * 1024);
    const html = gunzipSync(bytes).toString();
    expect(html.match(/<li class="row/g)).toHaveLength(10);
    expect(html).toContain(headlineOf(11, 300));
    expect((await get('/embed/uk')).bytes.toString()).toBe(html);
  });

  it('may stand in a frame of any site, under a policy that is as strict as ever', async () => {
    const { headers } = await get('/embed/en');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
        "base-uri 'none';form-action 'none';frame-ancestors * file:",
    );
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'max-age=0, s-maxage=1, stale-while-revalidate=1',
    });
    expect(headers).not.toHaveProperty('x-frame-options');
    expect(headers).not.toHaveProperty('set-cookie');
    const others = await Promise.all(['/en', '/embed'].map((path) => get(path)));
    for (const other of others) expect(other.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('is built anew once something has changed, and answers 304 until then', async () => {
    const first = await get('/embed/en');
    const etag = String(first.headers.etag);
    // The minute that it names may end in between.
    const again = await get('/embed/en', { 'If-None-Match': etag });
    if (again.headers.etag === etag) expect(again).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
    await service.api.post('Just in for frames');
    const changed = await get('/embed/en', { 'If-None-Match': etag });
    expect(changed.status).toBe(200);
    expect(changed.bytes.toString()).toContain('Just in for frames');
  });

  it('shows what its address asks for', async () => {
    await service.api.post('Trains in the view', { tags: ['Rail'] });
    await service.api.post('Ferries out of it');
    const html = (await get('/embed/en?tag=Rail&theme=dark&heading=%3Cb%3E&layout=list&utm_source=x')).bytes.toString();
    expect(html).toContain('Trains in the view');
    expect(html).not.toContain('Ferries out of it');
    expect(html).toContain('<h2 class="heading">&lt;b></h2>');
    expect(html).toContain('<meta name="color-scheme" content="dark"/>');
    expect(html).toContain('<motograph-ticker edition="en" tag="Rail" layout="list" theme="dark" heading="&lt;b>">');
    expect((await get('/embed/en?rows=1')).bytes.toString().match(/<li class="row/g)).toHaveLength(1);
  });

  it.each([
    ['rows=30', 200],
    ['rows=31', 422],
    ['rows=0', 422],
    ['rows=1.5', 422],
    [`heading=${'x'.repeat(120)}`, 200],
    [`heading=${'x'.repeat(121)}`, 422],
    ['heading=a&heading=b', 422],
    ['layout=banner', 422],
    ['theme=pink', 422],
    ['tag=a&section=b', 422],
  ])('answers ?%s with %i, in words that the frame may show', async (query, status) => {
    const answer = await get(`/embed/en?${query}`, BROWSER);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.headers['content-security-policy']).toContain('frame-ancestors *');
  });

  it('says in the reader’s language that there is no such edition, and to programs what is wrong', async () => {
    const page = await get('/embed/fr', { ...BROWSER, 'Accept-Language': 'uk' });
    expect(page.status).toBe(404);
    expect(page.bytes.toString()).toContain('За цією адресою нічого немає');
    expect((await service.api.get('/embed/fr')).body.type).toMatch(/:unknown-edition$/);
  });
});

describe('/r/:id', () => {
  const url = 'https://news.example/mayor?a=1&b=2';

  it('leads to the article, for no longer than the headline stands', async () => {
    const { item } = await service.api.post('Mayor resigns', { url });
    expect(await get(`/r/${item.id}`)).toMatchObject({
      status: 302,
      headers: { location: url, 'cache-control': 'max-age=0, s-maxage=1, stale-while-revalidate=1' },
    });
    await service.api.act(item.id, 'kill', { notice: 'The report was wrong.' });
    const gone = await get(`/r/${item.id}`, { ...BROWSER, 'Accept-Language': 'uk' });
    expect(gone).toMatchObject({ status: 410, headers: { 'cache-control': 'no-store' } });
    expect(gone.bytes.toString()).toMatch(/This report was withdrawn.*Withdrawn at \d\d:\d\d\. The report was wrong\./);
    expect(gone.bytes.toString()).not.toContain('news.example');
    expect((await service.api.get(`/r/${item.id}`)).body).toMatchObject({ tombstone: { id: item.id } });
  });

  it('knows nothing of what is held, has no article, or is not there', async () => {
    const { item: held } = await service.api.post('Held', { url });
    await service.api.act(held.id, 'hold');
    const { item: bare } = await service.api.post('No article');
    const unknown = '01890000-0000-7000-8000-000000000000';
    for (const id of [held.id, bare.id, unknown, 'https:%2F%2Fevil.example', '..%2Fen', '%00'])
      expect(await get(`/r/${id}`), id).toMatchObject({
        status: 404,
        headers: expect.not.objectContaining({ location: expect.anything() }),
      });
  });
});

describe('oEmbed', () => {
  const oembed = (url: string, more = '') => service.api.get(`/oembed?url=${encodeURIComponent(url)}${more}`);

  it('turns the address of an edition into a frame behind a blockquote', async () => {
    const { status, headers, body } = await oembed(`${service.url}/en`);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toEqual({
      version: '1.0',
      type: 'rich',
      title: 'Recent news · Motograph',
      provider_name: 'Motograph',
      provider_url: service.url,
      cache_age: 86_400,
      width: 600,
      height: 640,
      html:
        `<blockquote><a href="${service.url}/en">Recent news · Motograph</a></blockquote>` +
        `<iframe src="${service.url}/embed/en" title="Recent news · Motograph" width="600" height="640" frameborder="0" loading="lazy"></iframe>`,
    });
  });

  it('knows what the address of a frame asks for', async () => {
    const { body } = await oembed(`${service.url}/embed/en?tag=Rail&layout=crawl&heading="Trains"&utm_source=x`);
    expect(body.title).toBe('"Trains" · Motograph');
    expect(body.html).toContain(
      `src="${service.url}/embed/en?tag=Rail&amp;layout=crawl&amp;heading=%22Trains%22" title="&quot;Trains&quot; · Motograph"`,
    );
    expect(body.height).toBeLessThan(100);
  });

  it.each([
    ['&maxwidth=599&maxheight=639', 599, 639],
    ['&maxwidth=601&maxheight=641', 600, 640],
    ['&maxwidth=1&maxheight=1&format=json&dnt=1', 1, 1],
  ])('honours %s', async (query, width, height) => {
    const { body } = await oembed(`${service.url}/en`, query);
    expect(body).toMatchObject({ width, height });
    expect(body.html).toContain(`width="${width}" height="${height}"`);
  });

  it('knows no address but those of tickers', async () => {
    const own = service.url;
    const port = new URL(own).port;
    for (const url of [
      'https://news.example/en',
      `${own}.evil.example/en`,
      `${own}0/en`,
      `http://localhost:${port}@evil.example/en`,
      `http://evil.example#${own}/en`,
      `https://localhost:${port}/en`,
      `${own}/fr`,
      `${own}/`,
      own,
      `${own}/embed`,
      `${own}/embed/fr`,
      `${own}/en/nothing`,
      'javascript:alert(1)',
      'no address',
      '',
    ])
      expect((await oembed(url)).status, url).toBe(404);
    for (const url of [`${own}/en/`, `${own}/en?utm_source=x#top`]) expect((await oembed(url)).status, url).toBe(200);
  });

  it('says what it does not serve', async () => {
    const answer = await oembed(`${service.url}/en`, '&format=xml');
    expect(answer).toMatchObject({ status: 501, body: { type: expect.stringMatching(/:no-such-format$/) } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    for (const query of ['&maxwidth=0', '&maxwidth=-1', '&maxheight=tall', '&maxwidth=100001'])
      expect((await oembed(`${service.url}/en`, query)).status, query).toBe(422);
    expect((await service.api.get('/oembed')).status).toBe(422);
  });

  it('is named by each page that it stands for', async () => {
    for (const path of ['/en', '/embed/en?tag=Rail']) {
      const html = (await get(path)).bytes.toString();
      const [, href = ''] = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(html) ?? [];
      const { status, body } = await service.api.get(href.replaceAll('&amp;', '&').replace(service.url, ''));
      expect(status).toBe(200);
      expect(body.html).toContain(`/embed/en${path.includes('?') ? '?tag=Rail' : ''}"`);
    }
  });
});

describe('the picker', () => {
  const codes = (html: string) => [...html.matchAll(/<textarea[^>]*>([^<]*)/g)].map(([, code]) => decoded(code ?? ''));

  it('has the three snippets without scripts, for what its form was sent with', async () => {
    const query = 'edition=uk&tag=&section=war&layout=&theme=dark&rows=5&heading=%22%3E%3Cscript%3E';
    const page = (await get(`/embed?${query}&lang=en`)).bytes.toString();
    const [script, frame, link] = codes(page);
    expect(script).toBe(
      `<script type="module" src="${service.url}/ticker.js"></script>\n` +
        '<motograph-ticker edition="uk" section="war" theme="dark" rows="5" heading="&quot;&gt;&lt;script&gt;" style="display:block;height:28.75rem"></motograph-ticker>\n' +
        `<noscript><a href="${service.url}/uk">"&gt;&lt;script&gt; · Motograph</a></noscript>`.replace(
          '>"&gt;',
          '>&quot;&gt;',
        ),
    );
    expect(frame).toContain(
      `src="${service.url}/embed/uk?section=war&amp;theme=dark&amp;rows=5&amp;heading=%22%3E%3Cscript%3E"`,
    );
    expect(link).toBe(`${service.url}/embed/uk?section=war&theme=dark&rows=5&heading=%22%3E%3Cscript%3E`);
    expect(page).not.toContain('<script>');
    expect(page).toMatch(/<option value="war" selected>/);
  });

  it('speaks the language of the browser, or the one asked for, and offers the edition in it first', async () => {
    const title = async (path: string, language: string) =>
      /<h1>([^<]*).*?<option value="(\w+)" lang="\w+" selected/s
        .exec((await get(path, { 'Accept-Language': language })).bytes.toString())
        ?.slice(1);
    expect(await title('/embed', 'uk-UA,en;q=0.5')).toEqual(['Додати цю стрічку на свій сайт', 'uk']);
    expect(await title('/embed', 'ja')).toEqual(['Put this ticker on your site', 'en']);
    expect(await title('/embed?lang=ru', 'uk')).toEqual(['Добавить эту ленту на свой сайт', 'ru']);
    expect(await title('/embed?lang=ru&edition=en', 'uk')).toEqual(['Добавить эту ленту на свой сайт', 'en']);
    expect((await get('/embed?edition=fr')).status).toBe(404);
  });
});

describe('the address of the service', () => {
  it('is the one that the request was sent to, where that can be one', async () => {
    const named = (await get('/embed/en', { Host: 'ticker.example:81' })).bytes.toString();
    expect(named).toContain('href="http://ticker.example:81/en"');
    for (const Host of ['evil.example/x', '"><script>', 'a b', 'user@evil.example'])
      expect((await get('/embed/en', { Host, ...BROWSER })).status, Host).toBe(404);
  });

  describe('where it is set', () => {
    beforeEach(async () => {
      const { port } = new URL(service.url);
      const { env } = await newStore('embedded');
      await service.close();
      service = await startTestService({ ...env, PORT: port, PUBLIC_URL: 'https://ticker.example/' });
      service.api = Object.assign(service.api, { url: `http://localhost:${port}` });
    });

    it('is in all that leaves it', async () => {
      const { status, body } = await service.api.get(`/oembed?url=https://ticker.example/en`);
      expect(status).toBe(200);
      expect(body.html).toContain('src="https://ticker.example/embed/en"');
      expect((await service.api.get(`/oembed?url=${service.api.url}/en`)).status).toBe(404);
      expect((await get('/embed')).bytes.toString()).toContain('src=&quot;https://ticker.example/ticker.js');
      expect((await get('/embed/en')).bytes.toString()).toContain('href="https://ticker.example/en"');
    });
  });
});

function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
