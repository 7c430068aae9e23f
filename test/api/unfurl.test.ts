import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSettings } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { openOffice } from '../../server/office.ts';
import { type Running, startService } from '../../server/service.ts';
import { type Answer, Api, keyFor, newStore } from '../support/service.ts';
import { TestWeb } from '../support/web.ts';

let web: TestWeb;
let service: Running;
let remove: () => Promise<void>;
let ask: (url: string, role?: 'viewer' | 'reporter' | 'nobody') => Promise<Answer>;
const lines: string[] = [];

beforeAll(async () => {
  const store = await newStore('embedded');
  web = await TestWeb.open();
  web.names.set('inside.example', [['10.0.0.1']]);
  const office = await openOffice(readSettings(store.env));
  service = await startService(office, createLog('info', { write: (line) => void lines.push(line) }), web);
  remove = store.remove;
  const keys = { viewer: await keyFor(office, 'viewer'), reporter: await keyFor(office, 'reporter', 'uk'), nobody: '' };
  const api = new Api(service.url, '');
  ask = (url, role = 'reporter') =>
    api.get(`/v1/unfurl?url=${encodeURIComponent(url)}`, { Authorization: `Bearer ${keys[role]}` });
});

afterAll(async () => {
  await service.close();
  await remove();
  web.close();
});

it('tells who may draft what a link leads to', async () => {
  web.show('news.example/1', '<html lang="uk"><title>Потяги їздять</title>');
  const answer = await ask(' http://news.example/1 ');
  expect(answer).toMatchObject({
    status: 200,
    body: { url: 'http://news.example/1', title: 'Потяги їздять', site: 'news.example', language: 'uk' },
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

it('reads nothing for anybody else', async () => {
  const before = web.asked.length;
  expect(await ask('http://news.example/1', 'viewer')).toMatchObject({ status: 403 });
  expect(await ask('http://news.example/1', 'nobody')).toMatchObject({ status: 401 });
  expect(web.asked).toHaveLength(before);
});

it.each([
  ['file:///etc/passwd', 'is not an http or https address'],
  ['ftp://news.example/', 'is not an http or https address'],
  ['news.example', 'is not an http or https address'],
  ['', 'is not an http or https address'],
  ['http://user:pw@news.example/', 'holds a user name or password'],
  ['http://news.example:8080/', 'names a port; leave it out'],
])('says what is wrong with %j', async (url, message) => {
  const errors = [{ field: 'url', message }];
  expect(await ask(url)).toMatchObject({ status: 422, body: { type: 'tag:motograph.example,2026:invalid', errors } });
});

it('says the same of a host within as of a page without a word', async () => {
  web.show('news.example/empty', '');
  const answers = [];
  for (const url of ['http://127.0.0.1/', 'http://[::1]/', 'http://inside.example/', 'http://news.example/empty'])
    answers.push(await ask(url));
  expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 422, body: { type: 'tag:motograph.example,2026:not-unfurled' } });
});

it('logs no word of the addresses', async () => {
  web.show('canary.example/canary', '<title>Canary</title>');
  web.lead('canary.example/2', 'http://127.0.0.1/canary');
  web.on('canary.example/3', ({ socket }) => socket.destroy());
  for (const path of ['canary', '2', '3', '4']) await ask(`http://canary.example/${path}`);
  await ask('http://inside.example/canary');
  await ask('ftp://canary.example/');
  expect(lines.join('\n')).not.toMatch(/canary|inside\.example/i);
});
