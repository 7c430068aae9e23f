import { build } from 'esbuild';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { draw, h } from '../../client/widget/dom.ts';
import { inBrowser as it } from '../support/browser.ts';

declare const dom: { draw: typeof draw; h: typeof h };

const { outputFiles } = await build({
  entryPoints: [new URL('../../client/widget/dom.ts', import.meta.url).pathname],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'dom',
});

it.beforeEach(async ({ page }) => {
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
});

interface Row {
  key: string;
  text: string;
  title?: string | undefined;
}

/** Draws the one list and then the other into one place, and the second into a fresh one. */
function drawBoth(page: Page, first: Row[], second: Row[]) {
  return page.evaluate(
    ([before, after]) => {
      const list = (rows: Row[]) => [
        'Rows: ',
        ...rows.map(({ key, text, title }) => dom.h('li', { key, title }, text && dom.h('b', null, text), ' end')),
      ];
      const [place, fresh] = [document.createElement('ol'), document.createElement('ol')];
      document.body.replaceChildren(place);
      dom.draw(place, list(before));
      const nodes = new Map(before.map(({ key }, at) => [key, place.children[at]]));
      const observer = new MutationObserver(() => {});
      observer.observe(place, { childList: true });
      dom.draw(place, list(after));
      dom.draw(fresh, list(after));
      const removed = observer.takeRecords().flatMap(({ removedNodes }) => [...removedNodes]);
      const stayed = after.filter(({ key }) => nodes.has(key));
      return {
        same: place.innerHTML === fresh.innerHTML,
        kept: after.every(({ key }, at) => !nodes.has(key) || nodes.get(key) === place.children[at]),
        moved: stayed.filter(({ key }) => removed.some((node) => node === nodes.get(key))).length,
      };
    },
    [first, second] as const,
  );
}

const row = fc.record({
  key: fc.constantFrom(...'abcdefgh'),
  text: fc.constantFrom('', 'one', '<i>two</i>'),
  title: fc.constantFrom(undefined, 'Title'),
});
const rows = fc.uniqueArray(row, { selector: ({ key }) => key, maxLength: 8 });

it('ends as if it were drawn anew, with each keyed node kept', async ({ page }) => {
  await fc.assert(
    fc.asyncProperty(rows, rows, async (first, second) => {
      expect(await drawBoth(page, first, second)).toMatchObject({ same: true, kept: true });
    }),
    { numRuns: 200 },
  );
});

it('moves no node that stays while others come, go and change, so focus stays in it', async ({ page }) => {
  await fc.assert(
    fc.asyncProperty(rows, rows, async (first, second) => {
      const order = (list: Row[]) => list.toSorted((a, b) => a.key.localeCompare(b.key));
      expect(await drawBoth(page, order(first), order(second))).toMatchObject({ moved: 0 });
    }),
    { numRuns: 100 },
  );
});

it.for([
  ['up', 'abcdefgh', 'habcdefg'],
  ['down', 'habcdefg', 'abcdefgh'],
  ['up by one', 'abcdefgh', 'abdcefgh'],
])('moves one node only when one goes %s', async ([, before = '', after = ''], { page }) => {
  const list = (keys: string) => [...keys].map((key) => ({ key, text: key }));
  expect(await drawBoth(page, list(before), list(after))).toStrictEqual({ same: true, kept: true, moved: 1 });
});
