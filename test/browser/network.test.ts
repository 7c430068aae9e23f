import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';
import { startMiddlebox } from '../support/middlebox.ts';

const it = inBrowser
  .extend('proxy', async ({ service }, { onCleanup }) => {
    const proxy = await startMiddlebox(service.url);
    onCleanup(() => proxy.close());
    return proxy;
  })
  .extend('ticker', ({ host, service, proxy, page }) => {
    const row = (text: string) => page.locator('motograph-ticker .row').filter({ hasText: text });
    const state = () => page.locator('motograph-ticker .state');
    const is = (name: string) => page.locator(`motograph-ticker .state.${name}`).waitFor();

    async function open(tickers = 1): Promise<void> {
      host.show(
        `${`<motograph-ticker edition="en" src="${proxy.url}"></motograph-ticker>`.repeat(tickers)}
         <script type="module" src="${service.url}/ticker.js"></script>`,
      );
      await page.goto(host.url);
    }

    /** Lets the page's time run until it is in that state; the network takes the time that it takes. */
    async function runUntil(name: string): Promise<void> {
      await expect
        .poll(
          async () => {
            await page.clock.runFor(1_000);
            return page.locator(`motograph-ticker .state.${name}`).count();
          },
          { timeout: 15_000, interval: 20 },
        )
        .toBe(1);
    }

    return { row, state, is, open, runUntil };
  });

it.beforeEach(async ({ service, page }) => {
  await page.clock.install();
  await service.api.post('Before');
});

describe('a network that', () => {
  it('lets no WebSocket through gets an event stream', async ({ service, proxy, ticker }) => {
    const { row, open, runUntil } = ticker;
    proxy.blocksSockets = true;
    await open();
    await runUntil('live');
    await service.api.post('Over a stream');
    await row('Over a stream').waitFor();
    expect(proxy.seen).toContain('stream');
    expect(proxy.seen).not.toContain('poll');
  });

  it('also holds back event streams gets polling, which is live too', async ({ service, proxy, ticker }) => {
    const { row, state, open, runUntil } = ticker;
    Object.assign(proxy, { blocksSockets: true, buffersStreams: true });
    await open();
    await runUntil('reconnecting');
    expect(await state().textContent()).toMatch(/^As of \d\d:\d\d\. Reconnecting…$/);
    await runUntil('live');
    const { item } = await service.api.post('Over polls');
    await row('Over polls').waitFor();
    await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
    await row('Wrong.').waitFor();
    expect(proxy.seen.filter((kind) => kind === 'poll').length).toBeGreaterThan(2);
  });

  it('goes away is told of, and the ticker is back as soon as it is', async ({ service, context, page, ticker }) => {
    const { row, state, is, open } = ticker;
    await open();
    await is('live');
    await context.setOffline(true);
    await is('reconnecting');
    const told = await state().textContent();
    await service.api.post('While offline');
    await page.clock.runFor(300_000);
    expect(await state().textContent()).toBe(told);
    expect(await row('While offline').count()).toBe(0);
    await context.setOffline(false);
    await row('While offline').waitFor();
    await is('live');
  });
});

describe('a server that', () => {
  it('was away for a minute is found again, and never shown as live meanwhile', async ({
    start,
    service,
    page,
    ticker,
  }) => {
    const { row, state, is, open, runUntil } = ticker;
    await open();
    await is('live');
    const { port } = new URL(service.url);
    await service.close();
    await is('reconnecting');
    for (let second = 0; second < 60; second += 5) {
      await page.clock.runFor(5_000);
      expect(await state().textContent()).toMatch(/^As of \d\d:\d\d\. Reconnecting…$/);
    }
    const { api } = await start({ PORT: port });
    await api.post('After');
    await runUntil('live');
    await row('After').waitFor();
    await row('Before').waitFor();
  });

  it('is too busy is left alone for as long as it asks', async ({ page, proxy, ticker }) => {
    const { row, open, runUntil } = ticker;
    proxy.busy = { status: 503, headers: { 'Retry-After': '40', 'Access-Control-Expose-Headers': 'Retry-After' } };
    await open();
    await expect.poll(() => proxy.seen).toStrictEqual(['busy']);
    await page.clock.runFor(39_000);
    expect(proxy.seen).toStrictEqual(['busy']);
    proxy.busy = undefined;
    await runUntil('live');
    await row('Before').waitFor();
    expect(proxy.seen.slice(0, 2)).toStrictEqual(['busy', 'snapshot']);
  });
});

it('a page that comes out of the back/forward cache is not live until the first answer', async ({
  page,
  proxy,
  ticker,
}) => {
  const { state, is, open } = ticker;
  await open();
  await is('live');
  await page.evaluate(() => {
    const states: unknown[] = [];
    Object.assign(window, { states });
    document.addEventListener('motograph:state', (event) => states.push((event as CustomEvent).detail));
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  });
  expect(await state().textContent()).toContain('Reconnecting…');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await is('live');
  expect(await page.evaluate(() => (window as unknown as { states: string[] }).states)).toStrictEqual([
    'reconnecting',
    'live',
  ]);
  expect(proxy.seen.filter((kind) => kind === 'snapshot')).toHaveLength(1);
});

it('a page asleep for an hour lets go of its socket and is back in one request', async ({
  service,
  page,
  proxy,
  ticker,
}) => {
  const { row, is, open } = ticker;
  await open();
  await is('live');
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    dispatchEvent(new Event('visibilitychange'));
  });
  for (let minute = 0; minute < 6; minute++) await page.clock.runFor(60_000);
  await is('reconnecting');
  await service.api.post('While asleep');
  await page.clock.runFor(3_600_000);
  const before = proxy.seen.length;
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: false });
    dispatchEvent(new Event('visibilitychange'));
  });
  await row('While asleep').waitFor();
  expect(proxy.seen.slice(before)).toStrictEqual(['websocket']);
});

it('twenty tickers of one source share one connection, and an hour of news leaves nothing behind', async ({
  service,
  context,
  page,
  proxy,
  arrived,
  ticker,
}) => {
  const { open } = ticker;
  await open(20);
  await page.locator('motograph-ticker .state.live').nth(19).waitFor();
  const debug = await context.newCDPSession(page);
  const heap = async () => {
    await debug.send('HeapProfiler.collectGarbage');
    return (await debug.send('Runtime.getHeapUsage')).usedSize;
  };
  const churn = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const { item } = await service.api.post(`News ${round} ${Math.random()}`, { urgency: 1 + (round % 5) });
      // Else the page's clock outruns the network, and the page takes the connection for dead.
      await arrived(item.id, 1);
      if (round % 3 === 0)
        await service.api.act(item.id, 'amend', { kind: 'correction', changes: {}, notice: 'Not so.', revision: 1 });
      if (round % 7 === 0) await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
      await page.clock.runFor(30_000);
    }
    await expect.poll(() => page.locator('motograph-ticker').last().locator('.row').count()).toBeGreaterThan(9);
  };
  await churn(30);
  const before = await heap();
  await churn(120);
  const grown = (await heap()) - before;
  console.log(
    `twenty tickers, an hour of news: heap ${Math.round(before / 1024)} KB, then ${Math.round(grown / 1024)} KB more`,
  );
  expect(proxy.seen.filter((kind) => kind === 'websocket')).toHaveLength(1);
  expect(grown).toBeLessThan(150 * 1024);
}, 60_000);
