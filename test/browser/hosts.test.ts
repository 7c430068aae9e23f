import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';

const ticker = '<motograph-ticker edition="en"></motograph-ticker>';

const it = inBrowser
  .extend('script', ({ service }) => {
    return () => `<script type="module" src="${service.url}/ticker.js"></script>`;
  })
  .extend('rows', ({ page }) => {
    return () => page.locator('motograph-ticker .row');
  })
  .extend('works', ({ service, page, rows }) => async () => {
    await page.locator('motograph-ticker .state.live').waitFor();
    await service.api.post('It works');
    await rows().filter({ hasText: 'It works' }).waitFor();
    await rows().first().hover();
    await service.api.post('It waits');
    await page.locator('motograph-ticker .reveal').click();
    await rows().filter({ hasText: 'It waits' }).waitFor();
  });
it.override('device', { viewport: { width: 400, height: 900 } });

it.beforeEach(async ({ service }) => {
  await service.api.post('Northern line reopens', { url: 'https://news.example/1' });
  await service.api.post('Parliament votes', { urgency: 1 });
});

it('works under the strictest policy, and needs no more than the README says', async ({
  host,
  service,
  page,
  complaints,
  script,
  works,
}) => {
  const ws = service.url.replace('http', 'ws');
  host.show(`${ticker}${script()}`, {
    'Content-Security-Policy': `default-src 'none'; script-src ${service.url}; connect-src ${service.url} ${ws}; require-trusted-types-for 'script'; trusted-types 'none'`,
  });
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => broken.push(violatedDirective));
  });
  await page.goto(host.url);
  await works();
  expect(await page.evaluate(() => (window as unknown as { broken: string[] }).broken)).toStrictEqual([]);
  expect(complaints.filter((text) => !text.includes('favicon'))).toStrictEqual([]);
});

describe('a hostile page', () => {
  /** What of the ticker a reader sees: where, how large and in which colours. */
  const look = (page: Page) =>
    page.locator('motograph-ticker').evaluate((element) => {
      const top = element.shadowRoot?.querySelector('.motograph')?.getBoundingClientRect().y ?? 0;
      return [
        ...(element.shadowRoot?.querySelectorAll('.motograph, .head, .button, .row, .time, .link, .foot') ?? []),
      ].map((each) => {
        const { display, color, backgroundColor, fontSize, fontWeight, animationName, textTransform } =
          getComputedStyle(each);
        const { x, y, width, height } = each.getBoundingClientRect();
        return [
          each.className,
          ...[display, color, backgroundColor, fontSize, fontWeight, animationName, textTransform],
          ...[x, y - top, width, height],
        ];
      });
    });

  it('cannot change how it looks, but for the typeface, and gets nothing of it', async ({
    host,
    page,
    script,
    works,
  }) => {
    const frame = (css: string) =>
      `<style>html { margin: 0 } body { margin: 0 !important; display: block !important } ${css}</style>${ticker}<p id="own" class="row head button motograph">Own</p>${script()}`;
    host.show(frame(''));
    await page.goto(host.url);
    await page.locator('motograph-ticker .state.live').waitFor();
    const before = await look(page);
    for (const css of [
      '* { all: unset !important; animation: x 1s infinite !important } @keyframes x { to { opacity: 0 } }',
      `body { text-transform: uppercase; letter-spacing: 1em; text-align: right; line-height: 9; white-space: pre;
        word-spacing: 1em; text-indent: 5em; color: red; font: italic 900 40px cursive }
        .row, .button, section, li { display: none !important }`,
    ]) {
      host.show(frame(css));
      await page.goto(host.url);
      await page.locator('motograph-ticker .state.live').waitFor();
      await page
        .locator('motograph-ticker')
        .evaluate((each) => each.style.setProperty('font-family', 'initial', 'important'));
      expect(await look(page)).toStrictEqual(before);
    }
    const own = await page.locator('#own').evaluate((each) => getComputedStyle(each).padding);
    expect(own).toBe('0px');
    await works();
  });

  it('may have changed what arrays are', async ({ host, page, complaints, script, works }) => {
    await page.addInitScript(() => {
      Object.assign(Array.prototype, { extra: () => 'extra', 99: 'extra' });
      Object.assign(Object.prototype, { surprise: 'extra' });
    });
    host.show(`${ticker}${script()}`);
    await page.goto(host.url);
    await works();
    expect(await page.locator('motograph-ticker .motograph').innerText()).not.toContain('extra');
    expect(complaints.filter((text) => !text.includes('favicon'))).toStrictEqual([]);
  });

  it('may load it twice, also from elsewhere', async ({ host, service, page, complaints, script, works }) => {
    host.show(`${ticker}${script()}<script type="module" src="${service.url}/ticker-list.js"></script>${script()}`);
    await page.goto(host.url);
    await page.addScriptTag({ type: 'module', url: `${service.url}/ticker.js?again` });
    await works();
    expect(await page.locator('motograph-ticker .motograph').count()).toBe(1);
    expect(complaints.filter((text) => !text.includes('favicon'))).toStrictEqual([]);
  });
});

it('works in a frame that has no origin, and keeps nothing and asks nobody else', async ({
  host,
  service,
  page,
  elsewhere,
  script,
}) => {
  const inner = `${ticker}${script()}`.replace(/"/g, '&quot;');
  host.show(`<iframe sandbox="allow-scripts" style="width: 360px; height: 700px" srcdoc="${inner}"></iframe>`);
  await page.goto(host.url);
  const frame = page.frameLocator('iframe');
  await frame.locator('motograph-ticker .state.live').waitFor();
  await service.api.post('In a frame');
  await frame.locator('motograph-ticker .row').filter({ hasText: 'In a frame' }).waitFor();
  expect(elsewhere()).toStrictEqual([]);
  expect(await page.context().cookies()).toStrictEqual([]);
});

it('tells the page around it of items, kills and its state', async ({ host, service, page, script, rows }) => {
  host.show(`${ticker}${script()}`);
  await page.goto(host.url);
  await page.locator('motograph-ticker .state.live').waitFor();
  await page.evaluate(() => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    for (const name of ['motograph:item', 'motograph:kill'])
      addEventListener(name, (event) => {
        const { detail, type } = event as CustomEvent;
        told.push([type, detail.headline ?? detail.notice, detail.revision]);
      });
  });
  const { item } = await service.api.post('New');
  await service.api.act(item.id, 'amend', { kind: 'update', changes: { headline: 'Newer' }, revision: 1 });
  await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
  await rows().filter({ hasText: 'Wrong.' }).waitFor();
  const told = await page.evaluate(() => (window as unknown as { told: unknown[][] }).told);
  expect(told.at(-1)).toStrictEqual(['motograph:kill', 'Wrong.', 3]);
  expect(told[0]).toStrictEqual(['motograph:item', 'New', 1]);
});

it('is a module too, which registers nothing until it is told to', async ({ host, service, page }) => {
  host.show(`<my-ticker edition="en" layout="headline" src="${service.url}"></my-ticker><script type="module">
    import { MotographTicker, headline } from '/module.js';
    document.title = String(customElements.get('motograph-ticker'));
    MotographTicker.layouts = { headline };
    customElements.define('my-ticker', class extends MotographTicker {});
  </script>`);
  await page.route('**/module.js', (route) =>
    route.fulfill({ path: fileURLToPath(new URL('../../client/dist/module.js', import.meta.url)) }),
  );
  await page.goto(host.url);
  await page.locator('my-ticker .state.live').waitFor();
  expect(await page.locator('my-ticker .row').count()).toBe(1);
  expect(await page.title()).toBe('undefined');
});

it('takes colours from the page by its custom properties, and anything by its parts', async ({
  host,
  page,
  script,
}) => {
  host.show(
    `<style>motograph-ticker { --motograph-paper: rgb(1, 2, 3) } motograph-ticker::part(time) { color: rgb(4, 5, 6) }</style>${ticker}${script()}`,
  );
  await page.goto(host.url);
  await page.locator('motograph-ticker .state.live').waitFor();
  const style = (name: string, property: 'color' | 'backgroundColor') =>
    page
      .locator(`motograph-ticker ${name}`)
      .first()
      .evaluate((each, of) => getComputedStyle(each)[of], property);
  expect(await style('.motograph', 'backgroundColor')).toBe('rgb(1, 2, 3)');
  expect(await style('.time', 'color')).toBe('rgb(4, 5, 6)');
});

describe('speed', () => {
  it('shows the first headline within 1.5 seconds on a slow phone network', async ({ host, page, script, rows }) => {
    host.show(`${ticker}${script()}`);
    const debug = await page.context().newCDPSession(page);
    await debug.send('Network.enable');
    const rate = (1.6 * 1024 * 1024) / 8;
    await debug.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: rate,
      uploadThroughput: rate,
    });
    await page.goto(host.url, { waitUntil: 'commit' });
    await rows().first().waitFor();
    const shown = await page.evaluate(() => performance.now());
    console.log(`first headline on slow 4G: ${Math.round(shown)} ms`);
    expect(shown).toBeLessThan(1_500);
  });

  it('paints each of 200 posts and 200 kills within a quarter of a second', async ({ host, service, page, script }) => {
    host.show(`${ticker}${script()}`);
    await page.goto(host.url);
    await page.locator('motograph-ticker .state.live').waitFor();
    await page.evaluate(() => {
      const root = document.querySelector('motograph-ticker')?.shadowRoot;
      const painted: Record<string, number> = {};
      Object.assign(window, { painted });
      const look = () => {
        for (const each of root?.querySelectorAll('.row') ?? []) {
          const name = `${each.getAttribute('data-id')} ${each.classList.contains('killed')}`;
          painted[name] ??= Date.now();
        }
        requestAnimationFrame(look);
      };
      look();
    });
    const begun: [name: string, at: number][] = [];
    for (let round = 0; round < 200; round++) {
      const at = Date.now();
      const { item } = await service.api.post(`Post ${round}`);
      begun.push([`${item.id} false`, at]);
      await page.waitForFunction(
        (name) => (window as never as { painted: object }).painted[name as never],
        `${item.id} false`,
      );
      begun.push([`${item.id} true`, Date.now()]);
      await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
      await page.waitForFunction(
        (name) => (window as never as { painted: object }).painted[name as never],
        `${item.id} true`,
      );
    }
    const painted = await page.evaluate(() => (window as unknown as { painted: Record<string, number> }).painted);
    const took = (kind: string) =>
      begun
        .flatMap(([name, at]) => (name.endsWith(kind) ? [(painted[name] ?? Infinity) - at] : []))
        .sort((a, b) => a - b);
    for (const kind of ['false', 'true']) {
      const times = took(kind);
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => times[Math.floor(times.length * share)] ?? Infinity);
      console.log(`${kind === 'true' ? 'kill' : 'post'} to painted: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`);
      // Beside other tests two in a hundred may have waited for the machine.
      expect(p95).toBeLessThanOrEqual(250);
    }
  }, 60_000);
});
