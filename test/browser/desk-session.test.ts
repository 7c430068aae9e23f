import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { atTheDoor } from '../support/door.ts';

const it = atTheDoor;

const signInPage = (page: Page) => page.waitForURL(/\/desk\/sign-in/);
const gone = (page: Page) => page.locator('.who').waitFor({ state: 'detached' });

/** When the page has nothing of the newsroom left on it, by the page's own clock, which is that of this machine. */
async function watchEmptied(page: Page): Promise<() => Promise<number>> {
  const { promise, resolve } = Promise.withResolvers<number>();
  await page.exposeFunction('tellEmptied', resolve);
  await page.evaluate(() => {
    const { tellEmptied } = window as unknown as { tellEmptied: (at: number) => void };
    const watch = new MutationObserver(() => document.querySelector('.who') ?? tellEmptied(Date.now()));
    watch.observe(document.body, { childList: true });
  });
  return () => promise;
}

describe('a session that ends elsewhere', () => {
  it.for(['/desk', '/desk/account', '/desk/staff', '/desk/keys', '/desk/audit'])(
    'takes %s off the screen within a second',
    async (path, { chief, service, invite, comeIn }) => {
      await chief();
      const { page } = await comeIn(await invite('Night desk', { role: 'chief', edition: '*' }));
      await page.goto(`${service.url}${path}`);
      await page.locator('[data-state=live]').waitFor();
      const [, desk] = await service.office.staff.list();
      const emptied = await watchEmptied(page);
      const began = Date.now();
      await service.office.staff.endSessions(operator(), desk?.id ?? '');
      const took = (await emptied()) - began;
      console.log(`${path} was empty after ${took} ms`);
      expect(took).toBeLessThan(1_000);
      await signInPage(page);
      await page.getByText('This browser was signed out.').waitFor();
      expect(new URL(page.url()).searchParams.get('next')).toBe(path);
      await page.goBack().catch(() => {});
      expect(await page.locator('.who').count()).toBe(0);
    },
  );

  it('was ended by a chief, and begins anew with a passkey', async ({ chief, service, invite, comeIn }) => {
    const { page } = await chief();
    const { page: other } = await comeIn(await invite('Night desk', { role: 'editor', edition: 'uk' }));
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Sign out everywhere… Night desk' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await page.getByText('Signed out everywhere.').waitFor();
    await signInPage(other);
    await other.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await other.locator('[data-state=live]').waitFor();
  });

  it('of one’s own is listed with its browser, and ended', async ({ chief, service }) => {
    const { page } = await chief();
    const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1';
    const [olena] = await service.office.staff.list();
    const account = { staff: olena?.id ?? '', generation: 1, from: '203.0.113.9', agent };
    await service.office.sessions.begin({ ...account, provenAt: Date.now() });
    await page.goto(`${service.url}/desk/account`);
    const sessions = page.getByRole('region', { name: 'Where you are signed in' });
    expect(await sessions.locator('.row').count()).toBe(2);
    await sessions.getByText('Chrome on Linux').waitFor();
    await sessions.getByText('This one').waitFor();
    await sessions.getByText('Safari on iPhone').waitFor();
    await sessions.getByText('from 203.0.113.9').waitFor();
    await sessions.getByRole('button', { name: 'End Safari on iPhone, 203.0.113.9' }).click();
    await page.getByText('Ended.').waitFor();
    expect(await sessions.locator('.row').count()).toBe(1);
    expect(await sessions.getByRole('button').count()).toBe(0);
  });
});

describe('signing out', () => {
  it('leaves nothing on the screen, and nothing to go back to', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/staff`);
    await page.goto(`${service.url}/desk/audit`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInPage(page);
    expect(page.url()).not.toContain('ended');
    expect(await page.context().cookies()).toEqual([]);
    for (let back = 0; back < 2; back++) {
      await page.goBack();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }
  });

  it('in one tab empties the others', async ({ chief, service }) => {
    const { page } = await chief();
    const other = await page.context().newPage();
    await other.goto(`${service.url}/desk/staff`);
    await other.locator('[data-state=live]').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await gone(other);
    await signInPage(other);
  });
});

describe('the line of the state', () => {
  it('says when the server cannot be heard, and when it can again', async ({ chief, start, service, store }) => {
    const { page } = await chief();
    const state = page.locator('.state');
    expect(await state.getAttribute('role')).toBe('status');
    const { port } = new URL(service.url);
    await service.close();
    await page.getByText('Reconnecting…').waitFor();
    expect(await page.locator('.who').isVisible()).toBe(true);
    await start({ ...store.env, PORT: port });
    await page.getByText('Live', { exact: true }).waitFor();
  });
});
