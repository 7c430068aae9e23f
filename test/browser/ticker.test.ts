import { describe, expect } from 'vitest';
import { inBrowser } from '../support/browser.ts';

const it = inBrowser.extend('ticker', ({ host, service, page }) => {
  /** Open shadow roots are looked into; the rows that the server drew are gone by then. */
  const rows = () => page.locator('motograph-ticker .row');
  const row = (text: string) => rows().filter({ hasText: text });
  const state = (name: string) => page.locator(`motograph-ticker .state.${name}`).waitFor();
  const texts = async () => (await rows().locator('.story').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));

  async function open(path = '/en'): Promise<void> {
    await page.goto(`${service.url}${path}`);
    await state('live');
  }

  /** A page of another site, with nothing on it but the tag. */
  async function embed(markup: string): Promise<void> {
    host.show(`${markup}<script type="module" src="${service.url}/ticker.js"></script>`);
    await page.goto(host.url);
  }

  return { rows, row, state, texts, open, embed };
});
it.override('device', { viewport: { width: 360, height: 800 } });

describe('an open page', () => {
  it('shows the rows newest first, and a new one on top within a second', async ({ service, complaints, ticker }) => {
    const { row, texts, open } = ticker;
    for (const headline of ['First ferry leaves', 'Second ferry leaves']) await service.api.post(headline);
    await open();
    expect(await texts()).toStrictEqual(['Second ferry leaves', 'First ferry leaves']);
    const started = performance.now();
    await service.api.post('Third ferry leaves', { label: 'explainer' });
    await row('Third ferry').waitFor();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect((await texts())[0]).toBe('EXPLAINER: Third ferry leaves');
    expect(complaints).toStrictEqual([]);
  });

  it('corrects a row, with the notice on it', async ({ service, ticker }) => {
    const { row, texts, open } = ticker;
    const { item } = await service.api.post('Repairs take two days');
    await open();
    await service.api.act(item.id, 'amend', {
      kind: 'correction',
      changes: { headline: 'Repairs take four days' },
      notice: 'It said two days.',
      revision: 1,
    });
    await row('four days').waitFor();
    expect((await texts())[0]).toMatch(/^Repairs take four days Corrected \d\d:\d\d It said two days\.$/);
  });

  it('takes a held row away and brings it back at its place', async ({ service, ticker }) => {
    const { row, texts, open } = ticker;
    const { item } = await service.api.post('Bridge closed');
    await service.api.post('Bridge photographed');
    await open();
    await service.api.act(item.id, 'hold');
    await row('closed').waitFor({ state: 'detached' });
    await service.api.act(item.id, 'release', { revision: 2 });
    await row('closed').waitFor();
    expect(await texts()).toStrictEqual(['Bridge photographed', 'Bridge closed']);
  });

  it('leaves a tombstone of a killed row, and its text nowhere in the page', async ({ service, page, ticker }) => {
    const { row, texts, open } = ticker;
    const { item } = await service.api.post('Mayor resigns', { url: 'https://news.example/mayor' });
    await open();
    await service.api.act(item.id, 'kill', { notice: 'The report was wrong.' });
    await row('Withdrawn').waitFor();
    expect((await texts())[0]).toMatch(/^Withdrawn at \d\d:\d\d\. The report was wrong\.$/);
    const markup = await page.evaluate(
      () => document.documentElement.outerHTML + document.querySelector('motograph-ticker')?.shadowRoot?.innerHTML,
    );
    expect(markup).not.toMatch(/resigns|news\.example/);
  });

  it('says when it has lost the service, and catches up by itself', async ({ start, service, page, ticker }) => {
    const { row, state, texts, open } = ticker;
    await service.api.post('Before the restart');
    await open();
    const { port } = new URL(service.url);
    await service.close();
    await state('reconnecting');
    expect(await page.locator('motograph-ticker .state').textContent()).toMatch(/^As of \d\d:\d\d\. Reconnecting…$/);
    const { api } = await start({ PORT: port });
    await api.post('After the restart');
    await row('After the restart').waitFor();
    await state('live');
    expect(await texts()).toStrictEqual(['After the restart', 'Before the restart']);
  });

  it('draws what the server drew, to the letter', async ({ service, page, ticker }) => {
    const { open } = ticker;
    const { item } = await service.api.post('Line <b>reopens</b> & so on', {
      urgency: 1,
      url: 'https://news.example/a?b&c',
    });
    await service.api.act(item.id, 'pin', { pinnedUntil: new Date(Date.now() + 60_000).toISOString(), revision: 1 });
    const { item: other } = await service.api.post('Other line', { label: 'explainer', urgency: 3 });
    await service.api.act(other.id, 'kill', { notice: 'Not confirmed.' });
    const html = (await service.api.get('/en')).body as string;
    await open();
    const same = await page.evaluate((served) => {
      const parsed = new DOMParser().parseFromString(served, 'text/html').querySelector('.motograph');
      const shown = document.querySelector('motograph-ticker')?.shadowRoot?.querySelector('.motograph');
      return [parsed, shown].map((node) => {
        // What only a script can offer, and what only a shadow has.
        for (const own of node?.querySelectorAll('.state, .button, .announce') ?? []) own.remove();
        return node?.outerHTML.replace(/ part="[^"]*"/g, '');
      });
    }, html);
    expect(same[1]).toBe(same[0]);
  });
});

describe('an embed', () => {
  it('finds its service by its script, and keeps no cookie and nothing in storage', async ({
    service,
    page,
    elsewhere,
    ticker,
  }) => {
    const { state, texts, embed } = ticker;
    await service.api.post('Seen elsewhere');
    await embed('<motograph-ticker edition="en"></motograph-ticker>');
    await state('live');
    expect(await texts()).toStrictEqual(['Seen elsewhere']);
    expect(elsewhere()).toStrictEqual([]);
    expect(await page.context().cookies()).toStrictEqual([]);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toStrictEqual([
      0,
      0,
      '',
    ]);
  });

  it('shows what the page holds between the tags until it has rows, else its frame', async ({ page, ticker }) => {
    const { embed } = ticker;
    await page.route('**/snapshot*', () => {});
    await embed(
      '<motograph-ticker edition="en"><p>Our own words</p></motograph-ticker><motograph-ticker edition="uk" rows="3"></motograph-ticker>',
    );
    await page.getByText('Останні новини').waitFor();
    expect(await page.getByText('Our own words').isVisible()).toBe(true);
    expect(await page.locator('motograph-ticker .motograph:visible').count()).toBe(1);
  });

  it('keeps its connection when it is moved, and ends it when it is removed', async ({ service, page, ticker }) => {
    const { row, state, embed } = ticker;
    const sockets = { opened: 0, closed: 0 };
    page.on('websocket', (socket) => {
      sockets.opened++;
      socket.on('close', () => sockets.closed++);
    });
    await embed('<motograph-ticker edition="en"></motograph-ticker><aside></aside>');
    await state('live');
    await page.evaluate(() => {
      const ticker = document.querySelector('motograph-ticker');
      ticker?.remove();
      if (ticker) document.querySelector('aside')?.append(ticker);
    });
    await service.api.post('After the move');
    await row('After the move').waitFor();
    expect(sockets).toStrictEqual({ opened: 1, closed: 0 });
    await page.evaluate(() => document.querySelector('motograph-ticker')?.remove());
    await expect.poll(() => sockets).toStrictEqual({ opened: 1, closed: 1 });
  });

  it('follows its attributes', async ({ service, page, ticker }) => {
    const { row, state, texts, embed } = ticker;
    await service.api.post('One of ten');
    await service.api.post('English headline', { tags: ['Ferries'] });
    await service.api.post('Новина', { edition: 'uk' });
    await embed('<motograph-ticker edition="en" heading="Harbour"></motograph-ticker>');
    await state('live');
    const set = (name: string, value: string) =>
      page.evaluate(([key, to]) => document.querySelector('motograph-ticker')?.setAttribute(key, to), [
        name,
        value,
      ] as const);
    expect(await page.locator('motograph-ticker h2').textContent()).toBe('Harbour');
    await set('rows', '1');
    await expect.poll(texts).toStrictEqual(['English headline']);
    await set('rows', '5');
    await set('tag', 'ferries');
    await row('One of ten').waitFor({ state: 'detached' });
    await page.evaluate(() => document.querySelector('motograph-ticker')?.removeAttribute('tag'));
    await set('edition', 'uk');
    await expect.poll(texts).toStrictEqual(['Новина']);
  });

  it('is registered once, however often the script is loaded', async ({ service, page, complaints, ticker }) => {
    const { state, texts, embed } = ticker;
    await service.api.post('Once');
    await embed('<motograph-ticker edition="en"></motograph-ticker>');
    await state('live');
    await page.addScriptTag({ type: 'module', url: `${service.url}/ticker.js?again` });
    expect(complaints).toStrictEqual([]);
    expect(await texts()).toStrictEqual(['Once']);
  });
});

describe('a reader', () => {
  it.override('device', { javaScriptEnabled: false });

  it('without scripts gets the rows and the time they are of', async ({ service, page }) => {
    await service.api.post('Plain to see');
    await page.goto(`${service.url}/en`);
    expect(await page.locator('.row').textContent()).toMatch(/^\d\d:\d\d Plain to see $/);
    expect(await page.locator('.state').textContent()).toMatch(/^As of \d\d:\d\d\.$/);
  });
});
