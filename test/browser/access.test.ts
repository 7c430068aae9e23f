import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';

declare const axe: { run(context: unknown, options: unknown): Promise<AxeResults> };

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LAYOUTS = ['list', 'headline', 'crawl'];

let store: Awaited<ReturnType<typeof newStore>>;
let service: TestService;

beforeAll(async () => {
  store = await newStore('embedded');
  service = await startTestService(store.env);
  await seed();
});
afterAll(async () => {
  await service.close();
  await store.remove();
});

/** Each tag is a list in one of the states that a ticker can be in. */
async function seed(): Promise<void> {
  const url = 'https://news.example/a';
  const post = async (headline: string, tag: string, fields = {}) =>
    (await service.api.post(headline, { tags: [tag], ...fields })).item;
  await post('Night trains return to their usual timetable', 'live', { url });
  await post('What changes for tenants when the new lease law takes effect', 'live', { label: 'explainer' });
  await post('River gauge at Old Bridge passes the second warning mark', 'live', { url, urgency: 3 });
  await post('Parliament passes the budget after an all-night sitting', 'live', { url, urgency: 1 });
  const pinned = await post('Northern line reopens; first trains leave at 20:15', 'live', { url });
  const pinnedUntil = new Date(Date.now() + 3_600_000).toISOString();
  await service.api.act(pinned.id, 'pin', { pinnedUntil, revision: 1 });
  for (const kind of ['correction', 'clarification']) {
    const { id } = await post(`Mayor: repairs take four days (${kind})`, 'corrected', { url });
    await service.api.act(id, 'amend', { kind, changes: {}, notice: 'It said two days.', revision: 1 });
  }
  for (const urgency of [1, 5]) {
    const { id } = await post('Not true', 'killed', { url, urgency });
    await service.api.act(id, 'kill', { notice: 'The report could not be confirmed.' });
  }
  await service.api.post('Що зміниться для орендарів із новим законом', { edition: 'uk', url, label: 'explainer' });
  await service.api.post('Что изменится для арендаторов с новым законом', { edition: 'ru', url });
}

const it = inBrowser.extend('open', ({ host, newPage }) => {
  return async (device: BrowserContextOptions, attributes = '', style = '') => {
    host.show(
      `<style>body { margin: 0; color-scheme: light dark; background: Canvas; color: CanvasText } ${style}</style>
       <main><h1>A story</h1><motograph-ticker edition="en" ${attributes}></motograph-ticker></main>
       <script type="module" src="${service.url}/ticker.js"></script>`,
    );
    const page = await newPage(device);
    await page.goto(host.url);
    await page.locator('motograph-ticker .state.live').waitFor({ state: 'attached' });
    return page;
  };
});

const set = (page: Page, attributes: Record<string, string>) =>
  page.locator('motograph-ticker').evaluate((ticker, all) => {
    for (const [name, value] of Object.entries(all)) ticker.setAttribute(name, value);
  }, attributes);

describe.each([
  ['light', 320],
  ['light', 1280],
  ['dark', 320],
  ['dark', 1280],
  ['forced', 320],
  ['forced', 1280],
] as const)('axe finds nothing wrong in %s colours, %d pixels wide', (colours, width) => {
  it.for(['empty', 'live', 'corrected', 'killed', 'paused', 'offline'])('while it is %s', async (state, { open }) => {
    const page = await open(
      {
        viewport: { width, height: 900 },
        colorScheme: colours === 'dark' ? 'dark' : 'light',
        forcedColors: colours === 'forced' ? 'active' : 'none',
      },
      `tag="${['paused', 'offline'].includes(state) ? 'live' : state}"`,
    );
    await page.evaluate(AXE);
    if (state === 'paused') await page.locator('motograph-ticker .pause').click();
    if (state === 'offline') {
      await page.context().setOffline(true);
      await page.locator('motograph-ticker .state.reconnecting').waitFor();
    }
    for (const layout of LAYOUTS) {
      await set(page, { layout });
      const found = await page.evaluate(() =>
        axe.run(document, { resultTypes: ['violations'], elementRef: false }).then(({ violations, passes }) => ({
          rules: passes.length,
          wrong: violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.failureSummary)]),
        })),
      );
      expect([layout, found.wrong]).toStrictEqual([layout, []]);
      expect(found.rules).toBeGreaterThan(15);
    }
  });
});

describe('what axe does not know', () => {
  it.for([
    ['uk', 'Останні новини', 'Пауза', 'За київським часом'],
    ['ru', 'Последние новости', 'Пауза', 'По киевскому времени'],
  ])('speaks %s', async ([edition = '', heading = '', pause = '', zone = ''], { open }) => {
    const page = await open({});
    await set(page, { edition });
    await page.getByText(heading).waitFor();
    await page.getByText(pause).waitFor();
    await page.getByText(zone).waitFor();
    expect(await page.locator('motograph-ticker .row').getAttribute('lang')).toBe(edition);
  });

  it.for(LAYOUTS)('gives each target of the %s 24 pixels', async (layout, { open }) => {
    const page = await open({ viewport: { width: 360, height: 900 } }, `layout="${layout}"`);
    const small = await page.locator('motograph-ticker').evaluate((ticker) => {
      const targets = ticker.shadowRoot?.querySelectorAll<HTMLElement>('a, button, select') ?? [];
      return [...targets].flatMap((target) => {
        target.focus();
        const { width, height } = target.getClientRects()[0] ?? { width: 0, height: 0 };
        return width < 24 || height < 24 ? [`${target.className} ${width}x${height}`] : [];
      });
    });
    expect(small).toStrictEqual([]);
  });

  it('is used by keyboard alone, and lets it out again', async ({ open }) => {
    const page = await open({}, 'layout="headline"');
    const focused = () =>
      page.evaluate(() => {
        const inside = document.querySelector('motograph-ticker')?.shadowRoot?.activeElement;
        return inside?.getAttribute('data-does') ?? inside?.className ?? document.activeElement?.tagName;
      });
    const order = [];
    for (let tabs = 0; tabs < 8; tabs++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order.slice(0, 7)).toStrictEqual(['view', 'link', 'announce', 'previous', 'next', 'pause', 'BODY']);
    const place = () => page.locator('motograph-ticker .place').innerText();
    const before = await place();
    await page.locator('motograph-ticker .next').focus();
    await page.keyboard.press('Enter');
    expect(await place()).not.toBe(before);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    expect(await place()).toBe(before);
  });

  it('reads aloud as much as the reader chooses, in one line that is there before it says anything', async ({
    open,
  }) => {
    const page = await open({}, 'tag="aloud"');
    await page.clock.install();
    await page.reload();
    await page.locator('motograph-ticker .state.live').waitFor();
    const said = page.locator('motograph-ticker [role=status]');
    expect([await said.count(), await said.textContent()]).toStrictEqual([1, '']);
    const post = async (headline: string, fields = {}) => {
      const { item } = await service.api.post(headline, { tags: ['aloud'], ...fields });
      await page.locator('motograph-ticker .row').filter({ hasText: headline }).waitFor();
      return item;
    };
    // At once, since the page's clock goes on by itself: on a slow machine they would be told of one by one.
    await Promise.all([post('One'), post('Two')]);
    await page.clock.runFor(1_000);
    expect(await said.textContent()).toBe('2 new headlines');
    await post('Three');
    await page.clock.runFor(20_000);
    expect(await said.textContent()).toBe('');
    const flash = await post('Parliament falls', { urgency: 1 });
    await page.clock.runFor(1_000);
    expect(await said.textContent()).toContain('Flash: Parliament falls');
    await service.api.act(flash.id, 'kill', { notice: 'It stands.' });
    await page.locator('motograph-ticker .tombstone').waitFor();
    await page.clock.runFor(1_000);
    expect(await said.textContent()).toMatch(/Withdrawn .* It stands\./);
    await page.locator('motograph-ticker select').selectOption('off');
    expect(await page.locator('motograph-ticker').getAttribute('announce')).toBe('off');
    await page.clock.runFor(60_000);
    await post('Flash again', { urgency: 1 });
    await page.clock.runFor(60_000);
    expect(await said.textContent()).toBe('');
  });

  it('reads aloud what comes after it was given another source, while it was about to speak', async ({ open }) => {
    const page = await open({}, 'tag="before"');
    await page.clock.install();
    await page.reload();
    await page.locator('motograph-ticker .state.live').waitFor();
    const post = async (headline: string, tag: string) => {
      await service.api.post(headline, { tags: [tag] });
      await page.locator('motograph-ticker .row').filter({ hasText: headline }).waitFor();
    };
    await post('Of the source before', 'before');
    await page.evaluate(() => document.querySelector('motograph-ticker')?.setAttribute('tag', 'after'));
    await page.locator('motograph-ticker .empty').waitFor();
    await page.locator('motograph-ticker .state.live').waitFor();
    await page.clock.runFor(40_000);
    expect(await page.locator('motograph-ticker [role=status]').textContent()).toBe('');
    await post('Of the source after', 'after');
    await page.clock.runFor(1_000);
    expect(await page.locator('motograph-ticker [role=status]').textContent()).toBe('1 new headline');
  });

  it('does not move a line for who wants less motion, nor for who paused it, and all of it can be reached', async ({
    open,
  }) => {
    const at = (page: Page) => page.locator('motograph-ticker .view').evaluate((view) => view.scrollLeft);
    const moving = await open({ viewport: { width: 360, height: 300 } }, 'layout="crawl"');
    await expect.poll(() => at(moving)).toBeGreaterThan(3);
    await moving.locator('motograph-ticker .pause').click();
    await moving.waitForTimeout(300);
    const stopped = await at(moving);
    await moving.waitForTimeout(300);
    expect(await at(moving)).toBe(stopped);
    const still = await open({ viewport: { width: 360, height: 300 }, reducedMotion: 'reduce' }, 'layout="crawl"');
    await still.waitForTimeout(500);
    expect(await at(still)).toBe(0);
    await still.locator('motograph-ticker .link').last().focus();
    expect(await at(still)).toBeGreaterThan(100);
  });

  it.for(LAYOUTS)('runs from right to left where the edition does: the %s', async (layout, { host, newPage }) => {
    const page = await newPage({ viewport: { width: 360, height: 900 } });
    await page.route('**/snapshot*', async (route) => {
      const snapshot = await (await route.fetch()).json();
      Object.assign(snapshot.edition, { language: 'ar', direction: 'rtl', zoneLabel: 'بتوقيت كييف' });
      for (const item of snapshot.items) item.headline &&= 'البرلمان يقر الميزانية (AP) بعد جلسة استمرت طوال الليل';
      await route.fulfill({ json: snapshot });
    });
    host.show(
      `<motograph-ticker edition="en" layout="${layout}"></motograph-ticker>
       <script type="module" src="${service.url}/ticker.js"></script>`,
    );
    await page.goto(host.url);
    await page.locator('motograph-ticker .state.live').waitFor({ state: 'attached' });
    const first = page.locator('motograph-ticker .row').first();
    const [time, headline] = [
      await first.locator('.time').boundingBox(),
      await first.locator('.headline').boundingBox(),
    ];
    expect(time?.x).toBeGreaterThan(headline?.x ?? Number.POSITIVE_INFINITY);
    expect([await first.getAttribute('lang'), await first.getAttribute('dir')]).toStrictEqual(['ar', 'rtl']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const along = () => page.locator('motograph-ticker .view').evaluate((view) => view.scrollLeft);
    if (layout === 'crawl') await expect.poll(along).toBeLessThan(-3);
  });

  it.for(LAYOUTS)('keeps the %s within 320 pixels with text of twice the size', async (layout, { open }) => {
    const page = await open(
      { viewport: { width: 320, height: 900 } },
      `layout="${layout}" style="font-size: 200%"`,
      'html { font-size: 200% }',
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const cut = await page.locator('motograph-ticker').evaluate((ticker) => {
      const box = ticker.getBoundingClientRect();
      const all = ticker.shadowRoot?.querySelectorAll('.button, .heading, .state') ?? [];
      return [...all].filter((each) => {
        const { left, right, top, bottom } = each.getBoundingClientRect();
        return right > box.right + 1 || left < box.left - 1 || bottom > box.bottom + 1 || top < box.top - 1;
      }).length;
    });
    expect(cut).toBe(0);
  });
});
