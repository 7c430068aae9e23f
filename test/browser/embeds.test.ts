import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { FrameLocator, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';
import { filteredByWordPress, wordPressPage } from '../support/wordpress.ts';

const SECRET = 'abcDEF1234';
const ARTICLE = 'https://news.example/article';

const it = inBrowser
  .extend('framed', ({ page }) => {
    return () => page.frameLocator('iframe');
  })
  .extend('show', ({ host, page }) => async (html: string, headers?: Record<string, string>) => {
    host.put(html, headers);
    await page.goto(host.url);
  })
  /** A page as WordPress has it after somebody pasted the link. */
  .extend('embedded', ({ service }) => async (path = '/en') => {
    const { body } = await service.api.get(
      `/oembed?url=${encodeURIComponent(`${service.url}${path}`)}&maxwidth=500&maxheight=750`,
    );
    return filteredByWordPress(body.html, SECRET);
  })
  .extend('code', ({ page }) => {
    return (name: string) => page.locator(`textarea[name=${name}]`).inputValue();
  })
  .extend('chosen', ({ code }) => async () => [await code('script'), await code('frame')])
  /** Everything that axe knows, but for what a part of another page lacks: the h1 stands in the page around it. */
  .extend('violations', ({ page }) => async (off: string[] = []) => {
    // As a debugger does it: the page's own policy lets no script in.
    await page.evaluate(axe.source);
    return page.evaluate(async (rules) => {
      const options = { rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])) };
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, options);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    }, off);
  });
it.override('device', { viewport: { width: 640, height: 800 } });

const rowsIn = (frame: FrameLocator | Page) => frame.locator('motograph-ticker .row');
const live = (frame: FrameLocator | Page) => frame.locator('motograph-ticker .state.live').waitFor();

describe('a frame without scripts', () => {
  it.override('device', { javaScriptEnabled: false });

  it('shows ten headlines, and opens articles beside the page around it', async ({
    host,
    service,
    context,
    page,
    framed,
    show,
  }) => {
    for (let number = 1; number <= 12; number++)
      await service.api.post(`Headline ${number}`, { url: `${service.url}/readyz` });
    await show(`<iframe src="${service.url}/embed/en"></iframe>`);
    expect(await rowsIn(framed()).count()).toBe(10);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      framed().getByRole('link', { name: 'Headline 12' }).click(),
    ]);
    await opened.waitForURL(`${service.url}/readyz`);
    expect(await opened.evaluate(() => window.opener)).toBeNull();
    expect(page.url()).toBe(host.url);
  });
});

describe('a frame', () => {
  it('goes live, and tells the service which site it stands in', async ({
    host,
    service,
    complaints,
    asked,
    framed,
    show,
  }) => {
    await service.api.post('First in the frame');
    await show(`<iframe src="${service.url}/embed/en?heading=Harbour"></iframe>`);
    await live(framed());
    await service.api.post('Second in the frame');
    await rowsIn(framed()).filter({ hasText: 'Second' }).waitFor();
    expect(await framed().locator('h2').innerText()).toBe('HARBOUR');
    const streams = asked.filter((url) => url.includes('/live?'));
    expect(streams.map((url) => new URL(url).searchParams.get('site'))).toEqual([new URL(host.url).hostname]);
    expect(complaints).toEqual([]);
  });

  it.for<[string, string, Record<string, string>]>([
    ['in a sandbox without an origin', 'sandbox="allow-scripts"', {}],
    [
      'in a site that is isolated',
      '',
      { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
    ],
    [
      'in a site that allows frames and nothing else',
      '',
      { 'Content-Security-Policy': "default-src 'none'; frame-src *" },
    ],
  ])(
    'goes live %s, asks nobody else and keeps nothing',
    async ([, attributes, headers], { service, context, complaints, elsewhere, framed, show }) => {
      await service.api.post('In the sandbox');
      await show(`<iframe ${attributes} src="${service.url}/embed/en"></iframe>`, headers);
      await live(framed());
      await service.api.post('Live in the sandbox');
      await rowsIn(framed()).filter({ hasText: 'Live in' }).waitFor();
      expect(elsewhere()).toEqual([]);
      expect(await context.cookies()).toEqual([]);
      expect((await context.storageState()).origins).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it('says in words that there is no such edition', async ({ service, framed, show }) => {
    await show(`<iframe src="${service.url}/embed/fr"></iframe>`);
    await framed().getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  });
});

describe('in WordPress', () => {
  it('comes into sight as high as it is, and grows and shrinks', async ({
    service,
    context,
    page,
    complaints,
    elsewhere,
    framed,
    show,
    embedded,
  }) => {
    const height = () => page.evaluate(() => Number(document.querySelector('iframe')?.height));
    const inner = () =>
      framed()
        .locator('html')
        .evaluate((root) => Math.ceil(root.getBoundingClientRect().height));
    await service.api.post('A first headline');
    await show(wordPressPage(await embedded()));
    await page.locator('iframe:not([style])').waitFor();
    expect(await page.locator('blockquote').isVisible()).toBe(false);
    await live(framed());
    expect(await height()).toBe(200);
    for (let number = 0; number < 6; number++) await service.api.post(`One more headline ${number}`);
    await expect.poll(height).toBeGreaterThan(350);
    await expect.poll(async () => (await height()) - (await inner())).toBe(0);
    for (let number = 0; number < 9; number++)
      await service.api.post('A long headline that takes many lines '.repeat(7));
    await expect.poll(height).toBe(1000);
    const heard = await page.evaluate(
      () => (window as unknown as { heard: { data: unknown; known: boolean }[] }).heard,
    );
    for (const { data, known } of heard) {
      expect(known).toBe(true);
      expect(data).toEqual({ message: 'height', value: expect.any(Number), secret: SECRET });
    }
    expect(elsewhere()).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    expect((await context.storageState()).origins).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('answers a page that begins to listen late', async ({ service, page, framed, show, embedded }) => {
    await service.api.post('A headline');
    await show(wordPressPage(await embedded(), true));
    await live(framed());
    expect(await page.locator('blockquote').isVisible()).toBe(true);
    await page.evaluate(() => (window as unknown as { startWordPress: () => void }).startWordPress());
    await page.locator('blockquote').waitFor({ state: 'hidden' });
  });

  it('speaks to a page that gives the secret later, and to none that gives none', async ({
    service,
    page,
    framed,
    show,
    embedded,
  }) => {
    await service.api.post('A headline');
    const bare = (await embedded()).replace(`#?secret=${SECRET}`, '').replace(' sandbox="allow-scripts"', '');
    await show(wordPressPage(bare));
    await live(framed());
    const heard = () => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard.length);
    expect(await heard()).toBe(0);
    await page.evaluate((secret) => {
      const frame = document.querySelector('iframe');
      if (frame) frame.src += `#?secret=${secret}`;
    }, SECRET);
    await expect.poll(heard).toBeGreaterThan(0);
  });

  it('leads to an article over our own host, and to the tombstone once it is killed', async ({
    service,
    context,
    page,
    asked,
    framed,
    show,
    embedded,
  }) => {
    const { item } = await service.api.post('Mayor resigns', { url: ARTICLE });
    await context.route(ARTICLE, (route) => route.fulfill({ body: 'The article' }));
    await show(wordPressPage(await embedded()));
    await live(framed());
    await framed().getByRole('link', { name: 'Mayor resigns' }).click();
    await page.waitForURL(ARTICLE);
    expect(asked).toContain(`${service.url}/r/${item.id}`);
    await page.goBack();
    await service.api.act(item.id, 'kill', { notice: 'The report was wrong.' });
    await page.goto(`${service.url}/r/${item.id}`);
    await page.getByText('The report was wrong.').waitFor();
  });

  it('leaves a click alone that is meant for another tab', async ({
    host,
    service,
    page,
    asked,
    framed,
    show,
    embedded,
  }) => {
    await service.api.post('Mayor resigns', { url: ARTICLE });
    await show(wordPressPage(await embedded()));
    await live(framed());
    await framed()
      .getByRole('link', { name: 'Mayor resigns' })
      .click({ modifiers: ['ControlOrMeta'] });
    await service.api.post('Afterwards');
    // It waits, since somebody is reading there.
    await framed().getByRole('button', { name: '1 new headline' }).waitFor();
    expect(page.url()).toBe(host.url);
    expect(asked.filter((url) => url.includes('/r/'))).toEqual([]);
  });
});

describe('the picker', () => {
  it.for(['script', 'frame'])(
    'gives a %s that works as it is in a blank file of another site',
    async (name, { service, page, complaints, elsewhere, framed, show, code }) => {
      await service.api.post('Seen where it was pasted');
      await page.goto(`${service.url}/embed?lang=en&edition=en`);
      const pasted = await code(name);
      await show(pasted);
      const there = name === 'frame' ? framed() : page;
      await rowsIn(there).filter({ hasText: 'Seen where it was pasted' }).waitFor();
      await live(there);
      expect(elsewhere()).toEqual([]);
      expect(complaints.filter((said) => !said.includes('favicon'))).toEqual([]);
    },
  );

  it('gives snippets that work in a file on a disk', async ({ service, page, framed, chosen }) => {
    await service.api.post('Seen on a disk');
    await page.goto(`${service.url}/embed?lang=en&edition=en`);
    const folder = await mkdtemp(join(tmpdir(), 'motograph-pasted-'));
    await writeFile(join(folder, 'page.html'), (await chosen()).join('\n'));
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
    for (const there of [page, framed()]) await rowsIn(there).filter({ hasText: 'Seen on a disk' }).waitFor();
    await rm(folder, { recursive: true });
  });

  it('follows what is chosen, in the preview and in the code', async ({ service, page, complaints, code, chosen }) => {
    await service.api.post('Trains', { tags: ['Rail'], section: 'economy' });
    await service.api.post('Ferries', { section: 'economy' });
    await service.api.post('Новина', { edition: 'uk' });
    await page.goto(`${service.url}/embed?lang=en&edition=en`);
    await rowsIn(page).filter({ hasText: 'Ferries' }).waitFor();
    await page.getByLabel('Section').selectOption('economy');
    await page.getByLabel('Tag').fill('Rail');
    expect(await page.getByLabel('Section').inputValue()).toBe('');
    await page.getByLabel('Heading').fill('Trains "today"');
    await page.getByLabel('Headlines').fill('5');
    await page.getByLabel('Layout').selectOption('');
    await page.locator('[name=theme]').selectOption('dark');
    await rowsIn(page).filter({ hasText: 'Ferries' }).waitFor({ state: 'detached' });
    for (const said of await chosen()) expect(said).toContain('Rail');
    expect(await code('script')).toContain(
      '<motograph-ticker edition="en" tag="Rail" theme="dark" rows="5" heading="Trains &quot;today&quot;" style="display:block;height:28.75rem"></motograph-ticker>',
    );
    expect(await code('link')).toBe(`${service.url}/embed/en?tag=Rail&theme=dark&rows=5&heading=Trains%20%22today%22`);
    await page.getByLabel('Tag').fill('');
    await page.getByLabel('Edition').selectOption('uk');
    await rowsIn(page).filter({ hasText: 'Новина' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('takes colours into the script, and says when they are hard to read', async ({
    service,
    page,
    complaints,
    code,
  }) => {
    await service.api.post('In colour');
    await page.goto(`${service.url}/embed?lang=en&edition=en`);
    await page.getByLabel('My own colours').check();
    await page.getByLabel('Background').fill('#102030');
    await page.getByLabel('Text').fill('#f0f0f0');
    expect(await code('script')).toContain(
      '<motograph-ticker edition="en" theme="dark" style="display:block;height:50rem;--motograph-paper:#102030;--motograph-ink:#f0f0f0;',
    );
    const paper = page.locator('motograph-ticker .motograph');
    await expect.poll(() => paper.evaluate((node) => getComputedStyle(node).backgroundColor)).toBe('rgb(16, 32, 48)');
    expect(await page.locator('.warning').textContent()).toBe('');
    await page.getByLabel('Text').fill('#506070');
    expect(await page.locator('.warning').textContent()).toMatch(/^Hard to read: the contrast is [12]\.?\d?,/);
    await page.getByLabel('My own colours').uncheck();
    expect(await code('script')).not.toContain('--motograph');
    expect(complaints).toEqual([]);
  });

  it('copies with one press, of a key too, and says so', async ({ service, context, page, code }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${service.url}/embed?lang=en&edition=en`);
    const card = page.getByRole('region', { name: 'Script' });
    await card.getByRole('button', { name: 'Copy' }).click();
    await card.getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code('script'));
    await page.locator('textarea[name=frame]').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Frame' }).getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code('frame'));
  });

  it('selects what it may not copy', async ({ service, page }) => {
    await page.goto(`${service.url}/embed?lang=en&edition=en`);
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const card = page.getByRole('region', { name: 'Link' });
    await card.getByRole('button', { name: 'Copy' }).click();
    await card.getByRole('status').getByText('Selected.').waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(`${service.url}/en`);
  });
});

describe('axe finds nothing wrong', () => {
  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    [320, 1280].flatMap((width) => ['uk', 'ru', 'en'].map((language) => ({ colorScheme, width, language }))),
  );

  it.for(looks)(
    'in $language, $colorScheme, $width px wide',
    async ({ colorScheme, width, language }, { service, page, violations }) => {
      const { item } = await service.api.post('Withdrawn later', { edition: language });
      await service.api.post('Flash', { edition: language, urgency: 1, url: ARTICLE });
      await service.api.post('Explained', { edition: language, label: 'explainer', url: ARTICLE });
      await service.api.act(item.id, 'kill', { notice: 'Not confirmed.' });
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${service.url}/embed/${language}?theme=auto`);
      await live(page);
      expect(await violations(['page-has-heading-one'])).toEqual([]);
      await page.goto(`${service.url}/embed?lang=${language}`);
      await live(page);
      // `check` goes to the box as a pointer does, so nothing covers it.
      await page.locator('[name=own]').check();
      await page.locator('[name=ink]').fill('#cccccc');
      expect(await violations(['color-contrast'])).toEqual([]);
      await page.locator('[name=own]').uncheck();
      expect(await violations()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.goto(`${service.url}/r/${item.id}`);
      expect(await violations()).toEqual([]);
    },
  );
});
