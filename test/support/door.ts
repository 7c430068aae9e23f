import { TOTP } from 'otpauth';
import type { CDPSession, Page } from 'playwright-core';
import { vi } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import type { Grant } from '../../server/roles.ts';
import { inBrowser } from './browser.ts';

/** Somebody's way over several pages and browsers takes a busy machine its time. */
vi.setConfig({ testTimeout: 60_000 });

/** A device of somebody's own: it makes passkeys and uses them, and vouches that it knows who holds it. */
interface Device {
  credentials(): ReturnType<typeof credentialsOf>;
  /** Holds, in place of its own, the passkeys of another one. */
  takeOver(other: Device): Promise<void>;
}

async function deviceOf(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: () => credentialsOf(session, authenticatorId),
    takeOver: async (other) => {
      await session.send('WebAuthn.clearCredentials', { authenticatorId });
      for (const credential of await other.credentials())
        await session.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
  };
}

async function credentialsOf(session: CDPSession, authenticatorId: string) {
  return (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
}

/**
 * Fills in a password and the code of an app that takes the secret from the page. Returns what the app shows, so many
 * milliseconds later.
 */
export async function setUp(page: Page, password: string): Promise<(laterMs?: number) => string> {
  await page.locator('.qr svg:visible').waitFor();
  const secret = (await page.locator('.secret:visible').innerText()).replace(/\s/g, '');
  const app = (laterMs = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + laterMs });
  await page.locator('[autocomplete=new-password]:visible').fill(password);
  await page.getByLabel('Code that the app shows').fill(app());
  return app;
}

/** Tests of what the newsroom's own people see. */
export const atTheDoor = inBrowser
  /** A browser with a device of its own. `offers`: whether it offers passkeys in the name field, unasked. */
  .extend('newPerson', ({ newPage }) => async ({ offers = false, ...device } = {}) => {
    const page = await newPage({ locale: 'en-GB', ...device });
    if (!offers) await page.addInitScript(withoutOffer);
    return { page, device: await deviceOf(page) };
  })
  /** Somebody who came in by a link, over its page, with a passkey. */
  .extend('comeIn', ({ service, newPerson }) => async (token: string, name?: string, device = {}) => {
    const person = await newPerson(device);
    const { page } = person;
    await page.goto(`${service.url}/desk/join#${token}`);
    if (name !== undefined) await page.getByLabel('Your name').fill(name);
    await page.locator('.by-passkey').click();
    await page.waitForURL(/\/desk(\?.*)?$/);
    await page.locator('[data-state=live]').waitFor();
    return person;
  })
  .extend('chief', ({ service, comeIn }) => async (name = 'Olena', device = {}) => {
    return comeIn((await service.office.links.first()) ?? '', name, device);
  })
  .extend('invite', ({ service }) => async (name: string, ...grants: Grant[]) => {
    return (await service.office.links.invite(operator(), { name, grants })).token;
  });

/** The virtual device answers an offer at once, as no person does. */
function withoutOffer(): void {
  PublicKeyCredential.isConditionalMediationAvailable = async () => false;
}
