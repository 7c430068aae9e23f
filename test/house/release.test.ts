import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { createApp } from '../../server/http/app.ts';
import { releaseRoute } from '../../server/http/files.ts';
import { readReleases } from '../../server/http/releases.ts';
import { createLog } from '../../server/log.ts';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));

it('serves what is built, as long as this version is released: another script needs another version', async () => {
  for (const { script, bytes } of readReleases().filter((release) => release.version === version))
    expect(bytes.equals(await readFile(new URL(`client/dist/${script}.js`, root))), script).toBe(true);
});

it('tells the hash of the newest release in the README', async () => {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  const [newest] = readReleases();
  for (const release of readReleases().filter((each) => each.version === newest?.version))
    expect(readme).toContain(release.integrity);
});

it('serves each release for good, from any site, and no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'motograph-released-'));
  const files = {
    'ticker-0.9.0.js': 'old',
    'ticker-0.10.0.js': 'new',
    'ticker-list-0.10.0.js': 'list',
    'notes.txt': '',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const releases = readReleases(folder);
  expect(releases.map(({ script, version }) => `${script} ${version}`)).toEqual([
    'ticker 0.10.0',
    'ticker-list 0.10.0',
    'ticker 0.9.0',
  ]);
  // sha384 of "new"
  expect(releases[0]?.integrity).toBe('sha384-oQtuWMZdTbA7ICPQ0wcDbydp9VuhdkkSo0MLQoRb042nIb0DSe05+ibZ76lqtnU7');
  expect(readReleases(join(folder, 'nowhere'))).toEqual([]);

  const parts = { settings: { TRUST_PROXY: 0 }, log: createLog('silent'), clock: systemClock };
  const server = createServer(createApp(parts as never, [releaseRoute(releases)])).listen(0);
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const answers = await Promise.all(
    ['ticker-0.9.0', 'ticker-list-0.10.0', 'ticker-0.8.0', 'ticker-../notes', 'ticker-list'].map((name) =>
      fetch(`${url}/${name}.js`),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404]);
  expect(await answers[0]?.text()).toBe('old');
  expect(Object.fromEntries(answers[1]?.headers ?? [])).toMatchObject({
    'cache-control': 'max-age=31536000, immutable',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'content-type': 'text/javascript; charset=utf-8',
  });
  server.close();
});
