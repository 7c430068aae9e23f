import { describe, expect, it } from 'vitest';
import { DIRECT, OTHER, OWN, siteReader } from '../../server/site.ts';
import { Sites } from '../../server/sites.ts';

const siteOf = siteReader('https://ticker.example/base');
const HOST = 'internal.local:8080';
const fromOrigin = (origin: string) => siteOf({ host: HOST, origin }, {});
const claiming = (site: unknown, headers = {}) => siteOf({ host: HOST, ...headers }, { site });

describe('the site of a reader', () => {
  it.each([
    ['https://news.example', 'news.example'],
    ['http://NEWS.Example:8443', 'news.example'],
    ['https://user:secret@news.example/path?query#hash', 'news.example'],
    ['https://news.example.', 'news.example'],
    ['https://новини.example', 'xn--b1amarcd.example'],
    ['https://xn--b1amarcd.example', 'xn--b1amarcd.example'],
    ['http://192.0.2.7:80', '192.0.2.7'],
    ['http://localhost:3000', 'localhost'],
  ])('is the host of the origin: %s', (origin, site) => {
    expect(fromOrigin(origin)).toBe(site);
  });

  it.each([
    'null',
    '',
    'news.example',
    '*',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'chrome-extension://abcdefghijklmnop',
    'https://[2001:db8::1]:443',
    'https://under_score.example',
    'https://-dash.example',
    'https://news..example',
    'https://a.example, https://b.example',
    'https://own',
    'https://other',
    `https://${'x'.repeat(64)}.example`,
    `https://${'x'.repeat(16_000)}`,
    'https://%00.example',
  ])('is none where the origin names none: %s', (origin) => {
    expect(fromOrigin(origin)).toBe(DIRECT);
  });

  it('may have 253 characters and no more', () => {
    const labels = `${`${'x'.repeat(49)}.`.repeat(5)}abc`;
    expect(labels).toHaveLength(253);
    expect(fromOrigin(`https://${labels}`)).toBe(labels);
    expect(claiming(labels)).toBe(labels);
    expect(fromOrigin(`https://${labels}d`)).toBe(DIRECT);
    expect(claiming(`${labels}d`)).toBe(DIRECT);
  });

  it('is the host of the referrer where there is no origin', () => {
    expect(siteOf({ host: HOST, referer: 'https://news.example/a?b' }, {})).toBe('news.example');
    expect(siteOf({ host: HOST, origin: 'null', referer: 'https://news.example/a' }, {})).toBe('news.example');
    expect(siteOf({ host: HOST, origin: 'https://one.example', referer: 'https://two.example/' }, {})).toBe(
      'one.example',
    );
  });

  it('is our own on pages of ours, by the public address as well as by the one asked', () => {
    expect(fromOrigin('https://ticker.example')).toBe(OWN);
    expect(fromOrigin('http://internal.local:8080')).toBe(OWN);
    expect(siteReader(undefined)({ host: 'localhost:8080', origin: 'http://localhost:8080' }, {})).toBe(OWN);
    expect(siteReader(undefined)({ origin: 'https://ticker.example' }, {})).toBe('ticker.example');
    expect(siteOf({}, undefined)).toBe(DIRECT);
  });

  it('is what our iframe says it is in', () => {
    const origin = 'https://ticker.example';
    expect(claiming('News.Example', { origin })).toBe('news.example');
    expect(claiming('news.example')).toBe('news.example');
    expect(claiming('ticker.example', { origin })).toBe(OWN);
  });

  it('is not what a page elsewhere says it is', () => {
    expect(claiming('bbc.example', { origin: 'https://elsewhere.example' })).toBe('elsewhere.example');
    expect(claiming('bbc.example', { referer: 'https://elsewhere.example/' })).toBe('elsewhere.example');
  });

  it.each([
    ['https://news.example'],
    ['news.example:80'],
    ['user@news.example'],
    ['news.example/path'],
    ['новини.example'],
    ['news.example\r\n'],
    ['\u212Aelvin.example'],
    [' news.example'],
    ['__proto__'],
    ['[::1]'],
    ['own'],
    ['OTHER'],
    [''],
    ['.'],
    [['news.example', 'two.example']],
    [{ a: 'news.example' }],
    ['x'.repeat(100_000)],
    [`${'a-'.repeat(50_000)}.`],
  ])('is not a claim that is no host name: %j', (site) => {
    expect(claiming(site)).toBe(DIRECT);
    expect(claiming(site, { origin: 'https://ticker.example' })).toBe(OWN);
  });
});

describe('sites', () => {
  const names = (sites: Sites) => sites.list().map(({ site }) => site);
  const readersOn = (sites: Sites, name: string) => sites.list().find(({ site }) => site === name)?.readers;

  it('are there while they have readers', () => {
    const sites = new Sites();
    const [first] = [sites.enter('news.example'), sites.enter('news.example'), sites.enter(DIRECT)];
    expect(sites.list()).toEqual([
      { site: DIRECT, readers: 1 },
      { site: 'news.example', readers: 2 },
    ]);
    sites.leave(first);
    expect(readersOn(sites, 'news.example')).toBe(1);
    sites.leave(first);
    expect(names(sites)).toEqual([DIRECT]);
  });

  it('are told apart up to 200 of them, and what is ours always', () => {
    const sites = new Sites();
    const entered = Array.from({ length: 200 }, (_, at) => sites.enter(`site-${at}.example`));
    expect(names(sites)).toHaveLength(200);
    expect(names(sites)).not.toContain(OTHER);
    const [late] = [sites.enter('late.example'), sites.enter('later.example'), sites.enter('site-7.example')];
    expect(names(sites)).toHaveLength(201);
    expect(readersOn(sites, OTHER)).toBe(2);
    expect(readersOn(sites, 'site-7.example')).toBe(2);
    sites.enter(OWN);
    expect(readersOn(sites, OWN)).toBe(1);
    sites.leave(late);
    expect(readersOn(sites, OTHER)).toBe(1);
    for (const site of entered.slice(0, 1)) sites.leave(site);
    expect(names(sites)).not.toContain('site-0.example');
    sites.enter('late.example');
    expect(readersOn(sites, 'late.example')).toBe(1);
    expect(readersOn(sites, OTHER)).toBe(1);
  });
});
