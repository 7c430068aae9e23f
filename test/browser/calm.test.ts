import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';

const BEFORE = '<h1>A story</h1><p>It begins.</p>';
const AFTER = '<p id="after">And it goes on, for <a href="#more">some time</a>.</p>';
const it = inBrowser.extend('ticker', ({ host, service, page }) => {
  const rows = () => page.locator('motograph-ticker .row');
  const row = (text: string) => rows().filter({ hasText: text });
  const button = (name: string) => page.locator(`motograph-ticker .${name}`);
  const texts = async () =>
    (await rows().locator('.headline').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  const state = () => page.locator('motograph-ticker .state').textContent();
  const live = () => page.locator('motograph-ticker .state.live').waitFor();

  async function open(attributes = '', style = ''): Promise<void> {
    host.show(
      `<style>body { font: 16px sans-serif } motograph-ticker { display: block; height: 46rem } ${style}</style>${BEFORE}
       <motograph-ticker edition="en" ${attributes}></motograph-ticker>${AFTER}
       <script type="module" src="${service.url}/ticker.js"></script>`,
    );
    await page.goto(host.url);
    await live();
    await page.mouse.move(1, 1);
  }

  /** Ten rows, of one line and of two. */
  async function tenRows() {
    const posted = [];
    for (let number = 1; number <= 10; number++) {
      const headline = `Headline ${number} ${number % 2 ? 'that is long enough to need a second line of text' : ''}`;
      posted.push((await service.api.post(headline, { url: `https://news.example/${number}` })).item);
    }
    return posted;
  }

  const places = () =>
    rows().evaluateAll((all) =>
      all.map((each) => {
        const { top, left, height } = each.getBoundingClientRect();
        return [each.getAttribute('data-id'), top, left, height];
      }),
    );

  return { rows, row, button, texts, state, live, open, tenRows, places };
});
it.override('device', { viewport: { width: 400, height: 900 } });

const fifth = (page: Page) => page.locator('motograph-ticker .row').filter({ hasText: 'Headline 5' });

describe('while nobody reads', () => {
  it('puts new rows on top', async ({ service, ticker }) => {
    const { row, button, texts, open, tenRows } = ticker;
    await tenRows();
    await open();
    await service.api.post('The newest');
    await row('The newest').waitFor();
    expect((await texts())[0]).toBe('The newest');
    expect(await button('reveal').count()).toBe(0);
  });
});

describe.each<[string, (page: Page) => Promise<void>]>([
  ['hovering', (page) => fifth(page).hover()],
  ['focused', (page) => fifth(page).locator('a').focus()],
  [
    'paused',
    async (page) => {
      await page.locator('motograph-ticker .pause').click();
      await page.mouse.click(1, 1);
      await page.clock.runFor(6_000);
    },
  ],
  [
    'scrolled',
    async (page) => {
      await page.locator('motograph-ticker .view').evaluate((view) => view.scrollBy(0, 40));
    },
  ],
  [
    'selecting',
    (page) =>
      page.evaluate(() => {
        const root = document.querySelector('motograph-ticker')?.shadowRoot;
        const text = root?.querySelectorAll('.link')[5]?.firstChild;
        if (text) getSelection()?.setBaseAndExtent(text, 1, text, 4);
      }),
  ],
])('while %s', (how, begin) => {
  it('no row moves, whatever is added, corrected, held or killed, and all of it is told', async ({
    service,
    page,
    arrived,
    ticker,
  }) => {
    const { rows, row, button, open, tenRows, places } = ticker;
    await page.clock.install();
    const posted = await tenRows();
    await open(undefined, how === 'scrolled' ? 'motograph-ticker { height: 24rem }' : '');
    await begin(page);
    const before = await places();
    const { item: fresh } = await service.api.post('A new one');
    const notice = 'An earlier version said two days and named the wrong bridge.';
    for (const at of [8, 5, 4])
      await service.api.act(posted[at].id, 'amend', {
        kind: 'correction',
        changes: { headline: `Corrected ${at}, and longer than it was before, by a whole line of text at least` },
        notice,
        revision: 1,
      });
    await service.api.act(posted[7].id, 'kill', { notice: 'The report could not be confirmed.' });
    await service.api.act(posted[6].id, 'hold');
    await arrived(fresh.id, 1);
    await arrived(posted[6].id, 2);
    await row('Corrected 4').waitFor();
    expect(await places()).toStrictEqual(before);
    expect(await row(notice).count()).toBe(3);
    expect(await row('could not be confirmed').count()).toBe(1);
    expect(await row('Headline 7').count()).toBe(0);
    expect(await button('reveal').textContent()).toMatch(/1 new headline$/);
    const overflowing = await rows().evaluateAll(
      (all) =>
        all.filter((each) => each.scrollHeight > each.clientHeight + 1 && getComputedStyle(each).overflowY !== 'auto')
          .length,
    );
    expect(overflowing).toBe(0);
  });
});

it('lets the new rows in by itself once the reader has been gone for five seconds', async ({
  service,
  page,
  ticker,
}) => {
  const { row, button, open, tenRows } = ticker;
  await page.clock.install();
  await tenRows();
  await open();
  await row('Headline 5').hover();
  await service.api.post('While reading');
  await button('reveal').waitFor();
  await page.mouse.move(1, 1);
  await page.clock.runFor(4_000);
  expect(await row('While reading').count()).toBe(0);
  await page.clock.runFor(2_500);
  await row('While reading').waitFor();
  expect(await button('reveal').count()).toBe(0);
});

describe('on a touch screen', () => {
  it.override('device', { viewport: { width: 400, height: 900 }, hasTouch: true, isMobile: true });

  it('holds still for five seconds after a touch', async ({ service, page, ticker }) => {
    const { row, button, open, tenRows } = ticker;
    await page.clock.install();
    await tenRows();
    await open();
    await row('Headline 5').locator('time').tap();
    await service.api.post('Just after');
    await button('reveal').waitFor();
    await page.clock.runFor(3_000);
    expect(await row('Just after').count()).toBe(0);
    await page.clock.runFor(3_500);
    await row('Just after').waitFor();
  });
});

describe('the button that says what waits', () => {
  it('shows it, at the top, and the focus stays in the list', async ({ service, page, ticker }) => {
    const { button, texts, open, tenRows } = ticker;
    await tenRows();
    await open(undefined, 'motograph-ticker { height: 24rem }');
    await page.locator('motograph-ticker .view').evaluate((view) => view.scrollBy(0, 60));
    await service.api.post('First');
    await service.api.post('Second');
    await expect.poll(() => button('reveal').textContent()).toBe('2 new headlines');
    await button('reveal').focus();
    await page.keyboard.press('Enter');
    expect((await texts()).slice(0, 2)).toStrictEqual(['Second', 'First']);
    expect(await page.locator('motograph-ticker .view').evaluate((view) => view.scrollTop)).toBe(0);
    const focused = await page.evaluate(
      () => document.querySelector('motograph-ticker')?.shadowRoot?.activeElement?.className,
    );
    expect(focused).toBe('view');
  });

  it('covers no text', async ({ service, page, ticker }) => {
    const { rows, row, button, open, tenRows } = ticker;
    await tenRows();
    await open();
    await row('Headline 5').hover();
    await service.api.post('New');
    const { y, height } = (await button('reveal').boundingBox()) ?? expect.fail('no button');
    const first = await rows().first().locator('.headline').boundingBox();
    const heading = await page.locator('motograph-ticker .heading').boundingBox();
    expect(first?.y).toBeGreaterThanOrEqual(y + height - 3);
    expect((heading?.y ?? 0) + (heading?.height ?? 0)).toBeLessThanOrEqual(y + 8);
  });
});

describe('the pause', () => {
  it('is before the list, says what it is, and offers to go on or to jump to now', async ({
    service,
    page,
    ticker,
  }) => {
    const { row, button, texts, state, open, tenRows } = ticker;
    await page.clock.install();
    await tenRows();
    await open();
    await page.locator('a[href="#more"]').focus();
    await page.keyboard.press('Shift+Tab');
    const order = await page.evaluate(() => {
      const root = document.querySelector('motograph-ticker')?.shadowRoot;
      return [...(root?.querySelectorAll('button, .view, select') ?? [])].map((each) => each.className || each.tagName);
    });
    expect(order.slice(0, 2)).toStrictEqual(['button pause', 'view']);
    await button('pause').click();
    expect([await state(), await button('pause').textContent()]).toStrictEqual(['Paused', 'Continue']);
    await service.api.post('While paused');
    await button('reveal').waitFor();
    expect(await button('reveal').textContent()).toBe('Jump to now: 1 new headline');
    await page.mouse.move(1, 1);
    await button('pause').click();
    await page.mouse.move(1, 1);
    await page.clock.runFor(6_500);
    await row('While paused').waitFor();
    expect(await state()).toBe('Live');
    await button('pause').click();
    await service.api.post('While paused again');
    await button('reveal').click();
    expect((await texts())[0]).toBe('While paused again');
    expect(await state()).toBe('Live');
  });
});

describe('the focus', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const element = document.querySelector('motograph-ticker')?.shadowRoot?.activeElement;
      return [element?.tagName, element?.closest('.row')?.textContent?.replace(/^\d\d:\d\d /, '')];
    });

  it('survives the update and the kill of its row', async ({ service, page, ticker }) => {
    const { row, open, tenRows } = ticker;
    const posted = await tenRows();
    await open();
    const { id } = posted[4];
    await row('Headline 5').locator('a').focus();
    const changes = { headline: 'Another text' };
    await service.api.act(id, 'amend', { kind: 'update', changes, revision: 1 });
    await row('Another text').waitFor();
    expect(await focused(page)).toStrictEqual(['A', expect.stringContaining('Another text')]);
    await service.api.act(id, 'kill', { notice: 'Wrong.' });
    await row('Wrong.').waitFor();
    expect(await focused(page)).toStrictEqual(['LI', expect.stringMatching(/^Withdrawn/)]);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toStrictEqual(['A', expect.stringContaining('Headline 4')]);
    await page.keyboard.press('Shift+Tab');
    expect((await focused(page))[1]).toContain('Headline 6');
  });

  it('and the selection stay while other rows come, go and change', async ({ service, page, ticker }) => {
    const { row, open, tenRows } = ticker;
    const posted = await tenRows();
    await open();
    await row('Headline 5').locator('a').focus();
    await page.evaluate(() => {
      const text = document.querySelector('motograph-ticker')?.shadowRoot?.activeElement?.firstChild;
      if (text) getSelection()?.setBaseAndExtent(text, 1, text, 4);
    });
    await service.api.post('On top');
    await service.api.act(posted[6].id, 'hold');
    await service.api.act(posted[8].id, 'kill', { notice: 'Wrong.' });
    const pinnedUntil = new Date(Date.now() + 60_000).toISOString();
    await service.api.act(posted[0].id, 'pin', { pinnedUntil, revision: 1 });
    await row('Pinned until').waitFor();
    expect((await focused(page))[1]).toContain('Headline 5');
    expect(await page.evaluate(() => String(getSelection()))).toBe('ead');
  });
});

it.for<[string, number, string]>([
  ['of the height that the page gave it, from before it loads', 60, ''],
  ['of its own height', 20, 'motograph-ticker { height: auto }'],
])(
  'moves nothing outside its box %s, in ten minutes of news',
  async ([, steps, style], { service, page, arrived, ticker }) => {
    const { rows, live, open, tenRows } = ticker;
    await page.addInitScript(() => {
      const outside = { shift: 0 };
      Object.assign(window, { outside });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Node }[] })[])
          if (
            entry.sources.some(({ node }) => node?.getRootNode() === document && node.nodeName !== 'MOTOGRAPH-TICKER')
          )
            outside.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.clock.install();
    const posted = await tenRows();
    await open(undefined, style);
    const place = () => page.locator('#after').evaluate((after) => after.getBoundingClientRect().top);
    const start = await place();
    for (let step = 0; step < steps; step++) {
      const { item } = await service.api.post(`News of step ${step} ${'with some more words '.repeat(step % 5)}`, {
        urgency: [5, 1, 3][step % 3],
      });
      posted.push(item);
      const { id } = posted[posted.length - 1 - (step % 4)];
      if (step % 5 === 1) {
        const notice = 'It said something else before.';
        await service.api.act(id, 'amend', { kind: 'correction', notice, changes: {}, revision: 1 }).catch(() => {});
      } else if (step % 5 === 2) await service.api.act(id, 'hold').catch(() => {});
      else if (step % 5 === 3) await service.api.act(id, 'kill', { notice: 'Not confirmed.' }).catch(() => {});
      await arrived(item.id, 1);
      await page.clock.runFor(600_000 / steps);
      expect(await place()).toBe(start);
    }
    const { shift } = await page.evaluate(() => (window as unknown as { outside: { shift: number } }).outside);
    if (!style) expect(shift).toBe(0);
    expect(await rows().count()).toBeGreaterThan(9);
    await live();
  },
);
