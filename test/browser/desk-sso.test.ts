import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { atTheDoor } from '../support/door.ts';
import { startProvider } from '../support/oidc.ts';

const it = atTheDoor
  /** Told to the provider before the service is there. */
  .extend('port', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    return port;
  })
  .extend('provider', async ({ port }, { onCleanup }) => {
    const provider = await startProvider([`http://localhost:${port}/v1/sign-in/sso/done`]);
    onCleanup(() => provider.close());
    return provider;
  })
  .override('service', ({ start, port, provider }) =>
    start({
      PORT: String(port),
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
    }),
  );

const isIn = (page: Page) => page.locator('[data-state=live]').waitFor();

describe('single sign-on', () => {
  it('brings in who was invited, and again', async ({ chief, invite, newPage, provider, service }) => {
    await chief('Olena');
    provider.subject = 'night-desk';
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk/join#${await invite('Night desk', { role: 'editor', edition: 'uk' })}`);
    await page.getByLabel('Your name').fill('Night desk, Kyiv');
    await page.getByRole('button', { name: 'Go in with single sign-on' }).click();
    await isIn(page);
    expect(await page.locator('.who').textContent()).toBe('Night desk, Kyiv · editor');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/desk\/sign-in/);
    await page.goto(`${service.url}/desk/audit?edition=uk`);
    await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
    await isIn(page);
    expect(page.url()).toBe(`${service.url}/desk/audit?edition=uk`);
  });

  it('lets nobody in whom nobody invited, and says so', async ({ chief, newPage, provider, service }) => {
    await chief('Olena');
    provider.subject = 'a-stranger';
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk`);
    await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
    await page.getByText('Your single sign-on account is not tied to anybody here.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/desk/sign-in');
  });

  it('is connected and disconnected on one’s account', async ({ chief, newPage, provider, service }) => {
    const { page } = await chief();
    provider.subject = 'olena';
    await page.goto(`${service.url}/desk/account`);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Connected.').waitFor();
    const other = await newPage({ locale: 'en-GB' });
    await other.goto(`${service.url}/desk`);
    await other.getByRole('link', { name: 'Sign in with single sign-on' }).click();
    await isIn(other);
    await page.getByRole('button', { name: 'Disconnect…' }).click();
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByText('Not connected.').waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('link', { name: 'Sign in with single sign-on' }).click();
    await other.getByText('is not tied to anybody here').waitFor();
  });
});
