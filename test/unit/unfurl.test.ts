import { setDefaultCACertificates } from 'node:tls';
import { constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Unfurl } from '../../server/unfurl.ts';
import { ManualClock } from '../support/clock.ts';
import { PUBLIC, TestWeb } from '../support/web.ts';

const SECRET = '<title>Only for us</title>';
const refused = { kind: 'not-unfurled', status: 422 };

let web: TestWeb;
let clock: ManualClock;
let unfurl: Unfurl;

beforeEach(async () => {
  web = await TestWeb.open();
  web.show('else', SECRET);
  clock = new ManualClock();
  unfurl = new Unfurl(web, clock);
});

afterEach(() => web.close());

it('tells what a page says of itself, and learns it as anybody would', async () => {
  web.show(
    'news.example/1?utm_source=x',
    `<!doctype html><html lang="uk"><head><meta charset="utf-8">
     <title>Потяги знову їздять | Новини</title>
     <meta property="og:title" content="Потяги знову їздять">
     <meta property="og:site_name" content="Новини">
     <meta property="og:image" content="/1.jpg">
     <link rel="canonical" href="http://www.news.example/1"></head>`,
  );
  expect(await unfurl.at('http://news.example/1?utm_source=x')).toEqual({
    url: 'http://www.news.example/1',
    title: 'Потяги знову їздять',
    site: 'Новини',
    language: 'uk',
    image: 'http://news.example/1.jpg',
  });
  expect(web.asked.map(({ headers }) => headers)).toEqual([
    {
      host: 'news.example',
      connection: 'close',
      accept: 'text/html,application/xhtml+xml',
      'accept-encoding': 'gzip, br',
      'user-agent': 'Mozilla/5.0 (compatible; Motograph link preview)',
    },
  ]);
});

describe('an address of our own network', () => {
  const OURS = [
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
  ];

  it.each(OURS.filter((address) => !address.includes('%')))('is not dialled: %s', async (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    await expect(unfurl.at(`http://${host}/`)).rejects.toMatchObject(refused);
    await expect(unfurl.at(`https://${host}/`)).rejects.toMatchObject(refused);
    expect(web.dialled).toEqual([]);
  });

  it.each(OURS)('is not dialled where a name leads to it: %s', async (address) => {
    web.names.set('inside.example', [[address]]);
    web.names.set('both.example', [[PUBLIC, address]]);
    for (const host of ['inside.example', 'both.example'])
      await expect(unfurl.at(`http://${host}/`)).rejects.toMatchObject(refused);
    expect(web.dialled).toEqual([]);
  });

  it.each([
    'http://2130706433/',
    'http://017700000001/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0x7f.0.0.0x1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://0/',
    'http://１２７.０.０.１/',
    'http://①②⑦.⓪.⓪.①/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
  ])('is not dialled in another form: %s', async (address) => {
    await expect(unfurl.at(address)).rejects.toMatchObject(refused);
    expect(web.dialled).toEqual([]);
  });

  it.each(OURS.filter((address) => !address.includes('%')))('is not dialled by a redirect: %s', async (address) => {
    web.lead('news.example/', `http://${address.includes(':') ? `[${address}]` : address}/`);
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    expect(web.dialled).toEqual([PUBLIC]);
  });

  it('is not dialled when a name leads there the next time that it is asked for', async () => {
    web.names.set('rebound.example', [[PUBLIC], ['127.0.0.1']]);
    web.lead('rebound.example/', '/again');
    await expect(unfurl.at('http://rebound.example/')).rejects.toMatchObject(refused);
    expect(web.dialled).toEqual([PUBLIC]);
  });

  it('is not dialled when a name leads there once it was looked at', async () => {
    web.names.set('rebound.example', [[PUBLIC], ['127.0.0.1']]);
    expect(await unfurl.at('http://rebound.example/')).toMatchObject({ title: 'Only for us' });
    expect(web.dialled).toEqual([PUBLIC]);
  });
});

it.each(['http://93.184.215.14/', 'http://[2606:4700::1111]/', 'http://1572395790/'])(
  'dials a public address: %s',
  async (address) => {
    expect(await unfurl.at(address)).toMatchObject({ title: 'Only for us' });
    expect(web.dialled).toHaveLength(1);
  },
);

it('gives up on a name that leads nowhere', async () => {
  web.names.set('nowhere.example', [[]]);
  await expect(unfurl.at('http://nowhere.example/')).rejects.toMatchObject(refused);
});

it.each([
  'file:///etc/passwd',
  'ftp://news.example/',
  'gopher://news.example/',
  'javascript:alert(1)',
  'data:text/html,<title>x</title>',
  'http://user:password@news.example/',
  'http://user@news.example/',
  'http://news.example:22/',
  'http://news.example:8080/',
  'http://news.example:443/',
  'https://news.example:80/',
  `http://news.example/${'x'.repeat(2048)}`,
])('reads nothing at %s, nor where a page leads to it', async (address) => {
  await expect(unfurl.at(address)).rejects.toMatchObject(refused);
  expect(web.dialled).toEqual([]);
  web.lead('news.example/', address);
  await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
  expect(web.asked).toHaveLength(1);
});

describe('redirects', () => {
  it('are followed three times, wherever on the internet they lead', async () => {
    web.lead('short.example/', 'http://news.example/2');
    web.lead('news.example/2', '3');
    web.lead('news.example/3', '//m.news.example/4#top');
    web.show('m.news.example/4', '<title>Found</title>');
    expect(await unfurl.at('http://short.example/')).toEqual({
      url: 'http://m.news.example/4#top',
      title: 'Found',
      site: 'm.news.example',
    });
  });

  it('are not followed a fourth time', async () => {
    for (let page = 0; page < 4; page++) web.lead(`news.example/${page}`, `/${page + 1}`);
    web.show('news.example/4', '<title>Found</title>');
    await expect(unfurl.at('http://news.example/0')).rejects.toMatchObject(refused);
    expect(web.asked).toHaveLength(4);
    expect(await unfurl.at('http://news.example/1')).toMatchObject({ title: 'Found' });
  });

  it('take no cookie along', async () => {
    web.show('news.example/', '', { Location: '/2', 'Set-Cookie': 'id=1; Path=/' });
    web.show('news.example/2', '<title>Found</title>');
    await unfurl.at('http://news.example/');
    expect(web.asked.map(({ headers }) => headers.cookie ?? headers.referer)).toEqual([undefined, undefined]);
  });

  it('to nowhere, and to itself, end', async () => {
    web.lead('news.example/', '/');
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    web.show('news.example/2', '', { Location: 'http://' });
    await expect(unfurl.at('http://news.example/2')).rejects.toMatchObject(refused);
  });
});

describe('a page', () => {
  const padding = (bytes: number) => `<!--${'x'.repeat(bytes)}-->`;

  it('is read for 256 KB', async () => {
    web.show('news.example/long', `${padding(255 * 1024)}<title>Just in time</title>`);
    expect(await unfurl.at('http://news.example/long')).toMatchObject({ title: 'Just in time' });
    web.show('news.example/longer', `${padding(256 * 1024)}<title>Too late</title>`);
    await expect(unfurl.at('http://news.example/longer')).rejects.toMatchObject(refused);
  });

  it.each(['</head>', '</HEAD\n>', '<body class="x">'])('is read as far as %s, though it never ends', async (end) => {
    web.on('news.example/', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.write(`<title>Live blog</title>${end.slice(0, 4)}`, () =>
        setImmediate(() => response.write(end.slice(4))),
      );
    });
    expect(await unfurl.at('http://news.example/')).toMatchObject({ title: 'Live blog' });
    await expect.poll(() => web.connections()).toBe(0);
  });

  it('that never ends is left', async () => {
    web.on('news.example/', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      const more = (error?: Error | null): unknown => error ?? response.write('x'.repeat(65_536), more);
      more();
    });
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    await expect.poll(() => web.connections()).toBe(0);
  });

  it.each([
    [200, { 'Content-Type': 'video/mp4' }],
    [404, { 'Content-Type': 'text/html' }],
    [302, { 'Content-Type': 'text/html', Location: 'http://10.0.0.1/' }],
  ])('that never ends and is not wanted is left at once: %s, %j', async (status, headers) => {
    web.on('news.example/', (_request, response) => response.writeHead(status, headers).write('x'));
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    await expect.poll(() => web.connections()).toBe(0);
  });

  it.each([
    ['no word', () => {}],
    ['its head', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).flushHeaders()],
    ['a title', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).write('<title>Slow</title>')],
    [
      'half of what is squeezed',
      (response) =>
        response
          .writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' })
          .write(gzipSync('x').subarray(0, 12)),
    ],
  ] as [string, (response: import('node:http').ServerResponse) => unknown][])(
    'of which only %s comes is given up after 2 seconds',
    async (_what, begin) => {
      const { promise: came, resolve: come } = Promise.withResolvers<void>();
      web.on('news.example/', (_request, response) => {
        begin(response);
        setTimeout(come, 20);
      });
      let over = false;
      const asked = unfurl.at('http://news.example/').finally(() => {
        over = true;
      });
      asked.catch(() => {});
      await came;
      clock.advance(1_999);
      await new Promise((done) => setTimeout(done, 20));
      expect(over).toBe(false);
      clock.advance(1);
      await expect(asked).rejects.toMatchObject(refused);
      await expect.poll(() => web.connections()).toBe(0);
    },
  );

  it.each(['resolve', 'connect'] as const)(
    'is given up after 2 seconds of a network that does not %s',
    async (step) => {
      const { promise: came, resolve: come } = Promise.withResolvers<void>();
      web[step] = () => {
        come();
        return new Promise<never>(() => {});
      };
      const asked = unfurl.at('http://news.example/');
      asked.catch(() => {});
      await came;
      clock.advance(2_000);
      await expect(asked).rejects.toMatchObject(refused);
    },
  );

  it.each([
    ['gzip', createGzip],
    ['br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('that swells out of %s is left', async (encoding, squeezer) => {
    let sent = 0;
    web.on('news.example/', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': encoding });
      const squeeze = squeezer();
      squeeze.pipe(response);
      const zeros = Buffer.alloc(1024 * 1024);
      const more = () => {
        if (response.destroyed || sent++ > 1024) squeeze.destroy();
        else squeeze.write(zeros, more);
      };
      more();
    });
    const before = process.memoryUsage().rss;
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    await expect.poll(() => web.connections()).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(sent).toBeLessThan(1024);
  });

  it('that is squeezed is read, and one that is squeezed wrongly is not', async () => {
    web.show('news.example/', gzipSync('<title>Squeezed</title>'), { 'Content-Encoding': 'gzip' });
    expect(await unfurl.at('http://news.example/')).toMatchObject({ title: 'Squeezed' });
    web.show('news.example/broken', '<title>Not squeezed</title>', { 'Content-Encoding': 'gzip' });
    await expect(unfurl.at('http://news.example/broken')).rejects.toMatchObject(refused);
  });

  it.each(['text/plain', 'application/json', 'image/svg+xml', 'text/htmlx', '', 'text/xml'])(
    'of the type "%s" is none',
    async (type) => {
      web.show('news.example/', '<title>No page</title>', { 'Content-Type': type });
      await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    },
  );

  it.each([201, 204, 206, 304, 403, 404, 500])('that comes with the status %s is none', async (status) => {
    web.on('news.example/', (_request, response) => {
      response.writeHead(status, { 'Content-Type': 'text/html' }).end('<title>No page</title>');
    });
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
  });

  it('that breaks off, and what is no HTTP, are none', async () => {
    web.on('news.example/', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': '1000' }).write('<title>Half</title>');
      setTimeout(() => response.destroy(), 10);
    });
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
    web.on('news.example/2', ({ socket }) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await expect(unfurl.at('http://news.example/2')).rejects.toMatchObject(refused);
  });

  it('without a title tells nothing', async () => {
    web.show('news.example/', '<title> \u200b</title><h1>Heading</h1>');
    await expect(unfurl.at('http://news.example/')).rejects.toMatchObject(refused);
  });
});

it('reads 16 pages at once and not one more', async () => {
  const held: (() => void)[] = [];
  web.on('news.example/', (_request, response) => {
    held.push(() => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>Held</title>'));
  });
  const asked = Array.from({ length: 16 }, () => unfurl.at('http://news.example/'));
  await expect.poll(() => held.length).toBe(16);
  await expect(unfurl.at('http://other.example/')).rejects.toMatchObject(refused);
  for (const answer of held) answer();
  expect(await Promise.all(asked)).toHaveLength(16);
  expect(await unfurl.at('http://other.example/')).toMatchObject({ title: 'Only for us' });
});

describe('over https', () => {
  let secure: TestWeb;

  beforeAll(async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'Test' }], {
      keyType: 'ec',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'news.example' }] },
      ],
    });
    setDefaultCACertificates([cert]);
    secure = await TestWeb.open({ key, cert });
    secure.show('else', '<title>Safe</title>');
  });

  afterAll(() => secure.close());

  it('reads a page of whoever has the certificate of the name, and of nobody else', async () => {
    const unfurl = new Unfurl(secure, new ManualClock());
    expect(await unfurl.at('https://news.example/')).toMatchObject({ title: 'Safe' });
    await expect(unfurl.at('https://other.example/')).rejects.toMatchObject(refused);
    await expect(unfurl.at(`https://${PUBLIC}/`)).rejects.toMatchObject(refused);
    expect(secure.asked).toHaveLength(1);
  });
});
