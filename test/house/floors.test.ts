import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The floors, lowest first. A file imports from its own floor and from lower ones only; folders of one floor are
 * choices beside each other. What fits several patterns belongs to the first.
 */
const FLOORS: RegExp[][] = [
  [/^shared\//],
  [/^server\/(config|log|errors|clock|newsroom-file|roles)\.ts$/],
  [/^server\/(engine|records)\.ts$/],
  [
    /^server\/(desk|sign-in|unfurl)\//,
    /^server\/(newsroom|door|audit|content|find|history|import|keys|sessions|digest|secret|seal|view|tape|follow|reader|piece|pump|fanout|wheel|greeting|site|sites|sent|audience|admission|snapshot|arrival|unfurl|recent|similar|likeness)\.ts$/,
  ],
  [/^server\/engines\//, /^server\/gateways\//, /^server\/pages\//, /^server\/pins\.ts$/],
  [/^server\/(office|proofs)\.ts$/],
  [/^server\/parts\.ts$/, /^server\/http\//],
  [/^server\/service\.ts$/],
  [/^server\/commands\//],
  [/^server\/main\.ts$/],
];
/** What the browser gets: on `shared/`, and on nothing of the server. */
const CLIENT = [/^shared\//, /^client\//];

const floorOf = (file: string) => FLOORS.findIndex((floor) => floor.some((pattern) => pattern.test(file)));
const sources = (await Promise.all(['shared', 'server', 'client'].map(filesBelow))).flat();
const imports = (await Promise.all(sources.map(importsOf))).flat();

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

async function importsOf(file: string): Promise<{ file: string; target: string; values: boolean }[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from\s'([^']+)'/gm)].map(([, type, target = '']) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
    values: !type,
  }));
}

const isOurs = (target: string) => /^(shared|server|client|test)\//.test(target);

it('reads the imports at all', () => {
  expect(imports.length).toBeGreaterThan(100);
});

it('gives every server and shared file a floor', () => {
  expect(sources.filter((file) => !file.startsWith('client/') && floorOf(file) < 0)).toEqual([]);
});

it('imports from the same floor or a lower one only', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (file.startsWith('client/')) return isOurs(target) && !CLIENT.some((pattern) => pattern.test(target));
    return isOurs(target) && (floorOf(target) < 0 || floorOf(target) > floorOf(file));
  });
  expect(wrong).toEqual([]);
});

it('keeps the choices of one floor apart: an engine knows no gateway, and no engine but itself', () => {
  const choice = (path: string) => /^server\/(engines\/\w+|gateways\/\w+|pages)/.exec(path.replace(/\.ts$/, ''))?.[1];
  const shared = (path: string) => path === 'server/engines/step.ts';
  const wrong = imports.filter(
    ({ file, target }) =>
      choice(file) !== undefined && choice(target) !== undefined && !shared(target) && choice(file) !== choice(target),
  );
  expect(wrong).toEqual([]);
});

it('keeps Node and the schema library out of what the browser loads', () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target, values } of imports.filter((one) => one.file === file && one.values)) values && visit(target);
  };
  visit('client/widget/ticker.ts');
  expect([...reached].filter((target) => target.startsWith('node:') || target === 'zod')).toEqual([]);
  expect(reached.size).toBeGreaterThan(5);
});

it('wires in one place: only the office knows which engines there are', () => {
  const knows = imports.filter(({ target }) => /^server\/engines\/(embedded|redis)\.ts$/.test(target));
  expect([...new Set(knows.map(({ file }) => file))]).toEqual(['server/office.ts']);
});
