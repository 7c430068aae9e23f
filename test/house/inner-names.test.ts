import { glob, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { INNER_NAMES } from '../../client/inner-names.ts';

const ROOT = new URL('../../', import.meta.url);
const COMMENT = /\/\*.*?\*\/|\/\/.*?$/gms;
const text = async (path: string) => (await readFile(new URL(path, ROOT), 'utf8')).replaceAll(COMMENT, '');
const names = (source: string) => new Set(source.match(/\w+/g));

it('shortens no name that comes over the wire or that a layout of somebody else could read', async () => {
  const [wire, item, layout, world, ticker] = await Promise.all(
    ['shared/wire.ts', 'shared/item.ts', 'client/widget/layout.ts', 'client/widget/world.ts', 'shared/ticker.ts'].map(
      text,
    ),
  );
  const scene = /export interface Ticker \{.*?\n\}/s.exec(ticker ?? '')?.[0] ?? '';
  const open = names(`${wire}${item}${layout}${world}${scene}`);
  expect(open.has('publishedAt') && open.has('repaint') && open.has('asOf')).toBe(true);
  expect(INNER_NAMES.filter((name) => open.has(name))).toEqual([]);
});

it('shortens no name that is also said as a text, and would be looked for under the long one', async () => {
  const said = [];
  for await (const path of glob(['shared/*.ts', 'client/widget/**/*.ts'], { cwd: ROOT }))
    for (const name of INNER_NAMES)
      if (new RegExp(`['"\`]${name}['"\`]`).test(await text(path))) said.push([path, name]);
  expect(said).toEqual([]);
});
