import { readFile, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Settings } from '../../server/config.ts';
import { PROBLEMS, type ProblemKind } from '../../server/errors.ts';
import { MESSAGE_TYPES } from '../support/readers.ts';
import { newStore, startTestService } from '../support/service.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const architecture = await readFile(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');

/** Files that only our own page asks for. */
const OF_THE_PAGE = [
  '/ticker.css',
  '/page.css',
  '/item.css',
  '/desk.css',
  '/desk.js',
  '/favicon.svg',
  '/frame.js',
  '/frame.css',
  '/picker.js',
  '/picker.css',
];

it('tells every setting, each with its default, and no other', () => {
  const rows = [...readme.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|([^|]*)\|/gm)];
  const told = rows.flatMap(([, names = '', defaults = '']) => {
    const values = defaults.split(',');
    return [...names.matchAll(/[A-Z_]+/g)].map(([name], at) => [name, (values[at] ?? '').trim()]);
  });
  const defaults = Settings.parse({});
  const there = Object.keys(Settings.shape).map((name) => [name, String(defaults[name as keyof Settings] ?? '')]);
  const fromFile = (pairs: string[][]) => pairs.filter(([name]) => name !== 'NEWSROOM_FILE').toSorted();
  expect(fromFile(told)).toEqual(fromFile(there));
  expect(told.some(([name]) => name === 'NEWSROOM_FILE')).toBe(true);
});

it('tells every problem with its status', () => {
  for (const kind of Object.keys(PROBLEMS) as ProblemKind[]) {
    expect(readme).toContain(`\`${kind}\``);
    expect(readme).toContain(String(PROBLEMS[kind][0]));
  }
});

it('tells every route', async () => {
  const store = await newStore('embedded');
  const service = await startTestService(store.env);
  const paths = service.routes.map(({ path }) => path);
  await service.close();
  await store.remove();
  const acts = paths.map((path) => path.replace('/v1/items/:id/', ''));
  expect(acts.filter((path) => !readme.includes(path) && !OF_THE_PAGE.includes(path))).toEqual([]);
});

it('tells every message', () => {
  for (const type of MESSAGE_TYPES) expect(readme).toContain(`\`${type}`);
});

it('names no file that is not there', async () => {
  const named = [...`${readme}${architecture}`.matchAll(/`((?:server|shared|client|test)\/[\w./-]+)`/g)].map(
    ([, path]) => path,
  );
  expect(named.length).toBeGreaterThan(10);
  for (const path of named) {
    const url = new URL(`../../${path}`, import.meta.url);
    await stat(url);
  }
});
