import { describe, expect, it } from 'vitest';
import { decoded } from '../../server/unfurl/charset.ts';
import { unfurledOf } from '../../server/unfurl/page.ts';
import { Draft } from '../../shared/item.ts';

const FOUND = new URL('https://www.news.example/story?id=1');
const TITLE = '<title>Title</title>';

function unfurled(html: string, url = FOUND, language = '') {
  return unfurledOf({ url, html, language });
}

describe('the title', () => {
  it.each([
    ['<title>One</title><meta property="og:title" content="Two">', 'Two'],
    ['<meta name="twitter:title" content="Three"><title>One</title>', 'Three'],
    ['<meta property="og:title" content=" "><title>One</title>', 'One'],
    ['<meta property="og:title" content="First"><meta property="og:title" content="Second">', 'First'],
    ['<META NAME="OG:TITLE" CONTENT="Loud">', 'Loud'],
    ['<title>\n  A &laquo;quote&raquo; &amp; <b>no</b> markup\t</title>', 'A «quote» & <b>no</b> markup'],
    ['<title>Cut off at the e', 'Cut off at the e'],
    ['<title>Page</title><svg><title>Drawing</title></svg>', 'Page'],
    ['<script>"<title>Script</title>"</script><!--<title>Comment</title>--><title>Page</title>', 'Page'],
    ['<title>One\u0000two\u0007three\u0085four</title>', 'One two three four'],
    ['<meta property="og:title" content="One&#x202e;two&#x2066;three">', 'Onetwothree'],
    ['<title>&#x200b;&#x200d;</title>', undefined],
    ['<title>e\u0301</title>', '\u00e9'],
    ['<h1>Heading</h1>', undefined],
    ['', undefined],
  ])('of %j is %j', (head, title) => {
    expect(unfurled(head)?.title).toBe(title);
  });

  it('is cut to what a headline may have', () => {
    expect(unfurled(`<title>${'📰'.repeat(400)}</title>`)?.title).toBe('📰'.repeat(300));
  });
});

describe('the address', () => {
  it.each([
    ['<link rel="canonical" href="https://news.example/story">', 'https://news.example/story'],
    ['<link rel="alternate canonical" href="/story">', 'https://www.news.example/story'],
    ['<link rel="alternate" href="/other">', FOUND.href],
    ['<meta property="og:url" content="https://news.example/og">', 'https://news.example/og'],
    ['<link rel="canonical" href="/a"><meta property="og:url" content="/b">', 'https://www.news.example/a'],
    ['<link rel="canonical" href="https://m.www.news.example/story">', 'https://m.www.news.example/story'],
    ['<link rel="canonical" href="https://other.example/story">', FOUND.href],
    ['<link rel="canonical" href="https://othernews.example/story">', FOUND.href],
    ['<link rel="canonical" href="https://www.news.example.evil.example/">', FOUND.href],
    ['<link rel="canonical" href="//evil.example/">', FOUND.href],
    ['<link rel="canonical" href="http://www.news.example/story">', FOUND.href],
    ['<link rel="canonical" href="https://www.news.example:8443/story">', FOUND.href],
    ['<link rel="canonical" href="https://user:pw@www.news.example/story">', FOUND.href],
    ['<link rel="canonical" href="javascript:alert(1)">', FOUND.href],
    ['<link rel="canonical" href="ftp://www.news.example/story">', FOUND.href],
    ['<link rel="canonical" href="">', FOUND.href],
    [`<link rel="canonical" href="/${'x'.repeat(2048)}">`, FOUND.href],
  ])('with %s is %s', (head, url) => {
    expect(unfurled(head + TITLE)?.url).toBe(url);
  });

  it('may become a safer one', () => {
    const head = `<link rel="canonical" href="https://www.news.example/story">${TITLE}`;
    expect(unfurled(head, new URL('http://news.example/'))?.url).toBe('https://www.news.example/story');
  });
});

it.each([
  ['<meta property="og:site_name" content=" The\u0007 News ">', FOUND, 'The News'],
  ['<meta name="application-name" content="News">', FOUND, 'News'],
  ['', FOUND, 'news.example'],
  ['', new URL('https://www.xn--b1amarcd.xn--j1amh/'), 'новини.укр'],
  ['', new URL('http://93.184.215.14/'), '93.184.215.14'],
])('names the site of %j at %s: %s', (head, found, site) => {
  expect(unfurled(head + TITLE, found)?.site).toBe(site);
});

it.each([
  ['<html lang="uk">', undefined, 'uk'],
  ['<html lang="">', 'ru', 'ru'],
  ['', 'EN-gb', 'en-GB'],
  ['<meta http-equiv="Content-Language" content="de">', undefined, 'de'],
  ['<meta property="og:locale" content="uk_UA">', undefined, 'uk-UA'],
  ['<html lang="not a language">', 'fr', 'fr'],
  ['<html lang="english, please">', undefined, undefined],
  ['', 'uk, en', undefined],
])('tells the language of %j under %j: %j', (head, header, language) => {
  expect(unfurled(head + TITLE, FOUND, header)?.language).toBe(language);
});

it.each([
  ['<meta property="og:image" content="/1.jpg">', 'https://www.news.example/1.jpg'],
  ['<meta property="og:image" content="https://cdn.example/1.jpg">', 'https://cdn.example/1.jpg'],
  ['<meta name="twitter:image" content="//cdn.example/2.jpg">', 'https://cdn.example/2.jpg'],
  ['<meta property="og:image" content="data:image/png;base64,x">', undefined],
  ['<meta property="og:image" content="javascript:alert(1)">', undefined],
])('tells the image of %j: %j', (head, image) => {
  expect(unfurled(head + TITLE)?.image).toBe(image);
});

it('says only what may be published', () => {
  const noise = Array.from({ length: 0x3000 }, (_, code) => `&#${code};`).join('');
  for (let at = 0; at < noise.length; at += 997) {
    const told = unfurled(`<title>x${noise.slice(at, at + 900)}</title>`);
    if (told) Draft.parse({ edition: 'en', headline: told.title, url: told.url });
  }
});

/** "Заголовок новини: Київ" */
const TEXT = 'Заголовок новини: Київ';
const IN_1251 = Buffer.from('c7e0e3eeebeee2eeea20edeee2e8ede83a20cae8bfe2', 'hex');
const IN_KOI8U = Buffer.from('fac1c7cfcccfd7cfcb20cecfd7c9cec93a20ebc9a7d7', 'hex');

describe('a page is read in its charset', () => {
  const meta = (charset: string) => `<head><meta charset="${charset}"><title>`;
  const older = (type: string) => `<meta http-equiv=Content-Type content="${type}">`;
  const utf8 = Buffer.from(TEXT);

  it.each([
    ['as the header says', IN_1251, 'text/html; charset=windows-1251', ''],
    ['as the header says, in its own way', IN_1251, 'text/html;Charset="CP1251"', ''],
    ['as the page says', IN_1251, 'text/html', meta('windows-1251')],
    ['as the page says in the older way', IN_KOI8U, 'text/html', older('text/html; charset=koi8-u')],
    ['as the header says before the page', IN_KOI8U, 'text/html; charset=koi8-u', meta('windows-1251')],
    ['as the page says, where the header is wrong', IN_1251, 'text/html; charset=utf-8', meta('windows-1251')],
    ['as the page says, where the header means nothing', IN_1251, 'text/html; charset=klingon', meta('cp1251')],
    ['as UTF-8, whatever the header says', utf8, 'text/html; charset=windows-1251', ''],
    ['as UTF-8, whatever the page says', utf8, 'text/html', meta('windows-1251')],
    ['as UTF-8, where nothing says so', utf8, 'text/html', ''],
    ['as UTF-8 with a mark at its start', Buffer.from(`\ufeff${TEXT}`), 'text/html', ''],
    ['as UTF-8, cut off within a character', Buffer.concat([utf8, Buffer.of(0xd0)]), 'text/html', ''],
    ['as UTF-16', Buffer.from(TEXT, 'utf16le'), 'text/html; charset=utf-16le', ''],
  ])('%s', (_what, bytes, contentType, head) => {
    expect(decoded(Buffer.concat([Buffer.from(head), bytes]), contentType)).toBe(head + TEXT);
  });

  it('as Western Europe wrote, where nothing says so', () => {
    expect(decoded(Buffer.from('caf\u00e9 noir', 'latin1'), 'text/html')).toBe('caf\u00e9 noir');
  });
});

it('is not held up by what is made to hold it up', () => {
  const pages = [
    '<meta'.repeat(50_000),
    '<'.repeat(250_000),
    `<title>${'&'.repeat(250_000)}`,
    '<a b='.repeat(50_000),
    `<title>${'\u0301'.repeat(120_000)}`,
    `<html lang="${'a-'.repeat(120_000)}">`,
  ];
  const start = performance.now();
  for (const page of pages)
    unfurled(decoded(Buffer.from(page).subarray(0, 262_144), `text/html; charset=${' '.repeat(8000)}x`) + TITLE);
  expect(performance.now() - start).toBeLessThan(2_000);
});
