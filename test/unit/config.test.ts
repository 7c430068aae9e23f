import { expect, it } from 'vitest';
import { readSettings } from '../../server/config.ts';

const SSO = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'motograph', OIDC_CLIENT_SECRET: 'hunter2 is secret' };

it('takes single sign-on as a whole or not at all', () => {
  expect(readSettings(SSO)).toMatchObject(SSO);
  expect(readSettings({}).OIDC_ISSUER).toBeUndefined();
  for (const name of Object.keys(SSO))
    expect(() => readSettings({ ...SSO, [name]: '' })).toThrow(`Single sign-on needs ${name} as well.`);
  expect(() => readSettings({ OIDC_CLIENT_ID: 'a' })).toThrow('needs OIDC_ISSUER and OIDC_CLIENT_SECRET as well');
});

it.each([
  ['http://id.example', 'is not https'],
  ['ftp://id.example', 'is not an http or https address'],
  ['id.example', 'is not an http or https address'],
  ['http://localhost.evil.example', 'is not https'],
])('takes no provider at %s', (OIDC_ISSUER, words) => {
  expect(() => readSettings({ ...SSO, OIDC_ISSUER })).toThrow(words);
});

it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
  'takes one on this machine at %s',
  (url) => {
    expect(readSettings({ ...SSO, OIDC_ISSUER: url }).OIDC_ISSUER).toBe(url);
  },
);
