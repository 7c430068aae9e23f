import { expect, it } from 'vitest';
import { siteOf } from '../../server/sign-in/site.ts';

it.each([
  ['http://localhost:8080', undefined, { origin: 'http://localhost:8080', rpId: 'localhost' }],
  ['http://localhost', undefined, { origin: 'http://localhost', rpId: 'localhost' }],
  ['https://news.example', 'https://news.example', { origin: 'https://news.example', rpId: 'news.example' }],
  ['https://news.example/live', 'https://news.example/live', { origin: 'https://news.example', rpId: 'news.example' }],
  ['http://evil.example', 'https://news.example', { origin: 'https://news.example', rpId: 'news.example' }],
])('makes passkeys for %s with PUBLIC_URL %s', (home, publicUrl, site) => {
  expect(siteOf(home, publicUrl)).toEqual(site);
});

it.each([
  ['http://127.0.0.1:8080', undefined, 'needs-name', 'Open http://localhost:8080 instead.'],
  ['http://[::1]:8080', undefined, 'needs-name', 'http://localhost:8080'],
  ['https://10.0.0.1', 'https://10.0.0.1', 'needs-name', 'a number.'],
  ['http://news.lan', undefined, 'needs-https', 'https'],
  ['http://news.lan', 'http://news.lan', 'needs-https', 'https'],
  ['http://localhost.evil.example', undefined, 'needs-https', 'https'],
  ['https://evil.example', undefined, 'needs-public-url', 'PUBLIC_URL'],
])('makes none for %s with PUBLIC_URL %s, and says why', (home, publicUrl, reason, words) => {
  expect(siteOf(home, publicUrl)).toEqual({ reason, words: expect.stringContaining(words) });
});
