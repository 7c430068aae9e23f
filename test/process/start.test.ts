import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { motograph } from '../support/process.ts';

const folder = await mkdtemp(join(tmpdir(), 'motograph-start-'));

/** Starts the service, which must not start: one line on stderr, nothing on stdout, exit code 1. */
async function fault(env: Record<string, string>): Promise<string> {
  const ran = await motograph(['serve'], { PORT: '0', DATA_DIR: join(folder, 'data'), ...env });
  expect(ran.code).toBe(1);
  expect(ran.stdout).toBe('');
  expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  return ran.stderr;
}

async function newsroomFile(json: string | Buffer): Promise<Record<string, string>> {
  const file = join(folder, `newsroom-${Math.random()}.json`);
  await writeFile(file, json);
  return { NEWSROOM_FILE: file };
}

const newsroom = (edition: object) => JSON.stringify({ name: 'Test', editions: { en: edition } });

it('says that the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  expect(await fault({ PORT: port })).toContain(`Port ${port} is taken`);
  other.close();
});

it('says that the data folder cannot be written', async () => {
  // Root may write anywhere, but nobody can make a folder below a file.
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(await fault({ DATA_DIR: join(file, 'data') })).toContain(join(file, 'data'));
  if (process.getuid?.() === 0) return;
  const closed = join(folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o500);
  expect(await fault({ DATA_DIR: closed })).toContain(closed);
});

it('says that the database is none', async () => {
  const data = join(folder, 'no-database');
  await mkdir(data);
  await writeFile(join(data, 'motograph.db'), 'This is a letter, not a database. '.repeat(100));
  expect(await fault({ DATA_DIR: data })).toMatch(/motograph\.db.*not a database/);
});

it('says which database is damaged', async () => {
  const data = join(folder, 'damaged');
  await motograph(['key', 'list'], { DATA_DIR: data });
  const file = join(data, 'motograph.db');
  const db = new DatabaseSync(file);
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'record'").get() ?? {};
  const { page_size } = db.prepare('PRAGMA page_size').get() ?? {};
  db.close();
  const bytes = await readFile(file);
  bytes.fill('?', (Number(rootpage) - 1) * Number(page_size), Number(rootpage) * Number(page_size));
  await writeFile(file, bytes);
  expect(await fault({ DATA_DIR: data })).toContain(file);
});

it('says that Redis cannot be reached, and keeps the password', async () => {
  const said = await fault({ REDIS_URL: 'redis://user:hunter2@127.0.0.1:1' });
  expect(said).toMatch(/Redis.*127\.0\.0\.1:1/);
  expect(said).not.toContain('hunter2');
});

it.each([
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['LOG_LEVEL', 'loud'],
  ['REDIS_URL', 'http://localhost'],
  ['PUBLIC_URL', 'news.example'],
  ['LOG_LENGTH', '1'],
  ['TRUST_PROXY', '-1'],
])('says that %s=%s is wrong', async (name, value) => {
  expect(await fault({ [name]: value })).toContain(name);
});

it.each([
  ['no JSON', '{', 'is not JSON'],
  ['bytes that are not UTF-8', Buffer.from('{"name": "Caf\xe9"}', 'latin1'), 'is not UTF-8'],
  ['a list', '[]', 'the file is not of type object'],
  ['no name', '{"editions": {}}', 'name is required'],
  ['no editions', '{"name": "Test", "editions": {}}', 'editions names no edition'],
  [
    'a wrong time zone',
    newsroom({ name: 'English', language: 'en', timeZone: 'Kyiv', zoneLabel: 'x' }),
    'editions.en.timeZone',
  ],
  ['an edition without a name', newsroom({ language: 'en', timeZone: 'UTC', zoneLabel: 'x' }), 'editions.en.name'],
  ['an unknown word', '{"name": "Test", "editions": {}, "colors": {}}', 'colors is not a known field'],
  [
    'an edition called like a path',
    JSON.stringify({ name: 'Test', editions: { desk: {} } }),
    'editions.desk is a word that paths of Motograph use',
  ],
  [
    'a label without a text',
    JSON.stringify({
      name: 'Test',
      editions: { constructor: { name: 'English', language: 'en', timeZone: 'UTC', zoneLabel: 'UTC' } },
      labels: { photo: {} },
    }),
    'labels.photo has no text for constructor',
  ],
])('says where newsroom.json is wrong: %s', async (_what, json, words) => {
  expect(await fault(await newsroomFile(json))).toContain(words);
});

it('says that newsroom.json is not there', async () => {
  expect(await fault({ NEWSROOM_FILE: join(folder, 'nowhere.json') })).toContain('nowhere.json');
});
