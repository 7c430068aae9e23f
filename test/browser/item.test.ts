import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';

const it = inBrowser
  /** An item that everything has happened to, and its page. */
  .extend('amended', ({ service: { api } }) => async (edition = 'en') => {
    const url = `https://news.example/${'northern-line-'.repeat(20)}`;
    const fields = { edition, url, label: 'explainer', tags: ['Rail'], summary: 'Since Sunday.', byline: 'A. Writer' };
    const { item } = await api.post('Nothern line reopens after three days', fields);
    const amend = (revision: number, kind: string, changes: object, notice?: string) =>
      api.act(item.id, 'amend', { kind, revision, changes, notice });
    await amend(1, 'refile', { headline: 'Northern line reopens after three days' });
    await amend(2, 'update', { tags: ['Rail', 'Metro'], label: null, urgency: 3, slugline: 'metro' });
    await amend(3, 'correction', { headline: 'Northern line stays shut' }, 'No train has left.');
    await amend(4, 'clarification', {}, 'This is about its northern part.');
    return { id: item.id, path: `/${edition}/i/${item.id}` };
  })
  .extend('open', ({ service, newPage }) => async (path: string, device: BrowserContextOptions = {}) => {
    const page = await newPage(device);
    await page.goto(`${service.url}${path}`);
    return page;
  });

const history = (page: Page) => page.locator('.history li').allInnerTexts();
const flat = (text: string) => text.replaceAll(/\s+/g, ' ').replace(/ \d\d:\d\d/, '');

it('shows what became of the words, the newest change first', async ({ amended, open }) => {
  const page = await open((await amended()).path, { javaScriptEnabled: false });
  expect(await page.locator('h1').innerText()).toBe('Northern line stays shut');
  expect((await history(page)).map(flat)).toEqual([
    'Clarification This is about its northern part.',
    'Correction No train has left. Headline Before: Northern line reopens after three days After: Northern line stays shut',
    'Update Label Before: EXPLAINER Tags Before: Rail After: Rail, Metro',
    'Typo fixed Headline Before: Nothern line reopens after three days After: Northern line reopens after three days',
    'Published',
  ]);
  expect(await page.locator('.correction del').allInnerTexts()).toEqual(['reopens after three days']);
  expect(await page.locator('.correction ins').allInnerTexts()).toEqual(['stays shut']);
});

it('says that nothing was changed', async ({ service, open }) => {
  const { item } = await service.api.post('As it was written');
  const page = await open(`/en/i/${item.id}`);
  expect(await page.locator('.history').innerText()).toContain('Nothing has been changed since it was published.');
  expect(await page.locator('.history li').count()).toBe(1);
});

it('takes words as words', async ({ service, complaints, page }) => {
  const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  const { item } = await service.api.post(`${markup} one`, { summary: markup, byline: markup });
  const notice = `${markup} notice`;
  await service.api.act(item.id, 'amend', {
    kind: 'correction',
    revision: 1,
    notice,
    changes: { headline: `${markup} two` },
  });
  await page.goto(`${service.url}/en/i/${item.id}`);
  expect(await page.locator('img, script, [onerror]').count()).toBe(0);
  expect(await page.title()).toContain(markup);
  expect(await page.locator('.notice').innerText()).toBe(notice);
  expect(complaints).toEqual([]);
});

it('shows people a killed item as its tombstone, and a held one as none', async ({ service, amended, open }) => {
  const { id, path } = await amended('uk');
  await service.api.act(id, 'hold');
  expect(await (await open(path)).locator('h1').innerText()).toBe('There is nothing at this address');
  await service.api.act(id, 'kill', { notice: 'No line is there.' });
  const page = await open(path);
  expect(await page.locator('main').innerText()).toContain('No line is there.');
  expect(await page.content()).not.toMatch(/line stays|reopens|news\.example/);
});

describe.each([
  ['light', 320],
  ['light', 1280],
  ['dark', 320],
  ['forced', 320],
] as const)('in %s colours, %d pixels wide', (colours, width) => {
  it.for(['uk', 'ru', 'en'])(
    'axe finds nothing wrong, and nothing sticks out: %s',
    async (edition, { amended, open }) => {
      const { path } = await amended(edition);
      const page = await open(path, {
        viewport: { width, height: 800 },
        colorScheme: colours === 'dark' ? 'dark' : 'light',
        forcedColors: colours === 'forced' ? 'active' : 'none',
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      // As a debugger does it: the page's own policy lets no script in.
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(violations).toEqual([]);
    },
  );
});
