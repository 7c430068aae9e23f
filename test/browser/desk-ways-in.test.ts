import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { atTheDoor } from '../support/door.ts';

const PASSWORD = 'a sentence that nobody guesses';

const it = atTheDoor
  /** The link that `npm start` prints on an empty store. */
  .extend('npmStart', ({ store }, { onCleanup }) => async () => {
    const npm = spawn('npm', ['start', '--ignore-scripts'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, ...store.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    onCleanup(() => void process.kill(-(npm.pid ?? 0), 'SIGKILL'));
    for await (const line of createInterface({ input: npm.stderr })) {
      const link = /http:\S+\/desk\/join#\S+/.exec(line)?.[0];
      if (link) return link;
    }
    throw new Error('it printed no link');
  });

/** What the app shows for the secret on the page. A later one where the present one was used. */
async function appOn(page: Page) {
  const secret = (await page.locator('.secret').innerText()).replace(/\s/g, '');
  return (ahead = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 });
}

const isIn = async (page: Page) => {
  await page.waitForURL(/\/desk(\?.*)?$/);
  await page.getByText('Live', { exact: true }).waitFor();
};

describe('the first chief', () => {
  it('is in with a passkey from what `npm start` prints', async ({ npmStart, newPerson }) => {
    const link = await npmStart();
    const { page } = await newPerson();
    const began = performance.now();
    const steps = ['open the link', 'type a name', 'press Enter', 'the device asks for finger, face or PIN'];
    await page.goto(link);
    await page.getByLabel('Your name').waitFor();
    await page.keyboard.type('Olena Koval');
    await page.keyboard.press('Enter');
    await isIn(page);
    console.log(`${steps.length} steps in ${Math.round(performance.now() - began)} ms: ${steps.join(', ')}`);
    await page.getByRole('navigation').getByRole('link', { name: 'Staff' }).waitFor();
    await page.goto(link);
    await page.getByRole('heading', { name: 'This link is over' }).waitFor();
  });
});

describe('an invitation', () => {
  it('goes from the chief to the one who is invited, who comes in with a passkey', async ({ chief, newPerson }) => {
    const { page } = await chief();
    await page.getByRole('link', { name: 'Staff' }).first().click();
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Night desk');
    await page.getByRole('combobox', { name: 'Українська' }).selectOption('editor');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.locator('#link-text').inputValue()).toBe('');
    await page.getByRole('region', { name: 'Invitations that wait' }).getByText('Night desk').waitFor();

    const { page: other } = await newPerson();
    // As a chat that shows what a link leads to.
    for (const method of ['GET', 'HEAD']) expect((await fetch(link, { method })).status).toBe(200);
    await other.goto(link);
    await other.getByRole('heading', { name: 'Join Motograph' }).waitFor();
    await other.getByText('Olena invites you to the desk of Motograph:').waitFor();
    expect(other.url()).not.toContain('#');
    expect(await other.locator('.chips').innerText()).toBe('Українська editor');
    expect(await other.getByLabel('Your name').inputValue()).toBe('Night desk');
    // To another language and back, and loaded again: the link is still there, and in no address.
    await other.getByRole('link', { name: 'Українська' }).click();
    await other.getByRole('heading', { name: 'Запрошення до Motograph' }).waitFor();
    await other.reload();
    await other.getByRole('button', { name: 'Створити ключ доступу й увійти' }).click();
    await other.waitForURL(/\/desk\?lang=uk$/);
    await other.getByText('Наживо', { exact: true }).waitFor();
    expect(await other.locator('.who').textContent()).toBe('Night desk · редактор');

    await page.reload();
    expect(await page.getByRole('region', { name: 'Invitations that wait' }).count()).toBe(0);
    await page.getByText('Night desk').waitFor();
    await other.goto(link);
    await other.getByRole('heading', { name: 'This link is over' }).waitFor();
  });

  it('that was revoked is over', async ({ chief, invite, newPerson, service }) => {
    const { page } = await chief();
    const token = await invite('Night desk', { role: 'viewer', edition: '*' });
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Revoke… Night desk' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The link is revoked.').waitFor();
    const { page: other } = await newPerson();
    await other.goto(`${service.url}/desk/join#${token}`);
    await other.getByRole('heading', { name: 'This link is over' }).waitFor();
  });

  it('under a name that is taken says so beside the name, and is not used up', async ({
    chief,
    invite,
    newPerson,
    service,
  }) => {
    await chief('Olena');
    const { page } = await newPerson();
    await page.goto(`${service.url}/desk/join#${await invite('Night desk', { role: 'viewer', edition: '*' })}`);
    await page.getByLabel('Your name').fill('OLENA');
    await page.getByRole('button', { name: 'Make a passkey and go in' }).click();
    await page.getByText('This name is taken. Choose another one.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    expect(await page.getByLabel('Your name').getAttribute('aria-describedby')).toContain('name-wrong');
    await page.getByLabel('Your name').fill('Olena 2');
    await page.keyboard.press('Enter');
    await isIn(page);
  });
});

describe('password and code', () => {
  it('come from an invitation, and let in again, each code once', async ({ chief, invite, newPage, service }) => {
    await chief();
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk/join#${await invite('Night desk', { role: 'reporter', edition: 'en' })}`);
    await page.getByText('Use a password and an authenticator app instead').click();
    await page.locator('.qr svg').waitFor();
    const app = await appOn(page);
    await page.getByLabel('New password').fill('too short');
    await page.getByLabel('Code that the app shows').fill(app());
    await page.keyboard.press('Enter');
    await page.getByText('Give 12 to 200 characters, and not your name.').waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('Code that the app shows').fill('12');
    await page.keyboard.press('Enter');
    await page.getByText('Give the six digits that the app shows now.').waitFor();
    const used = app();
    await page.getByLabel('Code that the app shows').fill(`${used.slice(0, 3)} ${used.slice(3)}`);
    await page.keyboard.press('Enter');
    await isIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Use password and code instead').click();
    const signIn = async (password: string, code: string) => {
      await page.getByRole('textbox', { name: 'Name' }).fill('night desk');
      await page.getByRole('textbox', { name: 'Password' }).fill(password);
      await page.getByRole('textbox', { name: 'Code' }).fill(code);
      await page.keyboard.press('Enter');
    };
    const wrong = page.getByText('Name, password or code is wrong.');
    for (const [password, code] of [
      [PASSWORD, used],
      ['not the password', app(1)],
    ] as const) {
      await signIn(password, code);
      await wrong.waitFor();
      expect(page.url()).toContain('/desk/sign-in');
    }
    await signIn(PASSWORD, app(1));
    await isIn(page);
    expect(await page.locator('.who').textContent()).toBe('Night desk · reporter');
  });

  it('are refused for a while after too many attempts, and the page says for how long', async ({
    chief,
    newPage,
    service,
  }) => {
    await chief('Olena');
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk/sign-in`);
    await page.getByText('Use password and code instead').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Olena');
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('textbox', { name: 'Code' }).fill('123456');
    const said = page.locator('.by-password [role=alert]');
    for (let attempt = 0; attempt < 6; attempt++) {
      const answered = page.waitForResponse(/password$/);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await answered;
      await expect.poll(() => said.innerText()).toMatch(attempt < 5 ? /is wrong/ : /Try again in 15 minutes/);
    }
  });
});

describe('recovery', () => {
  it('gives somebody a new way in, and ends what they had', async ({ chief, invite, comeIn, newPerson, service }) => {
    const { page } = await chief();
    const { page: lost } = await comeIn(await invite('Night desk', { role: 'editor', edition: '*' }));
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'New sign-in link… Night desk' }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    const { page: back } = await newPerson();
    await back.goto(link);
    await back.getByRole('heading', { name: 'Come back, Night desk' }).waitFor();
    expect(await back.getByLabel('Your name').isVisible()).toBe(false);
    await back.getByRole('button', { name: 'Make a passkey and go in' }).click();
    await isIn(back);
    await lost.waitForURL(/\/desk\/sign-in/);
    await lost.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await lost.getByText('This passkey is not known here any more.').waitFor();
  });

  it('brings the last chief back from the command line', async ({ chief, newPerson, service }) => {
    await chief('Olena');
    const [olena] = await service.office.staff.list();
    const { token } = await service.office.links.recover(operator(), olena?.id ?? '');
    const { page } = await newPerson();
    await page.goto(`${service.url}/desk/join#${token}`);
    await page.getByText('Use a password and an authenticator app instead').click();
    await page.locator('.qr svg').waitFor();
    const app = await appOn(page);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('Code that the app shows').fill(app());
    await page.getByRole('button', { name: 'Save and go in' }).click();
    await isIn(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Staff' }).waitFor();
  });
});

describe('a passkey', () => {
  it('lets in with one press, and again after signing out', async ({ chief, service }) => {
    const { page, device } = await chief();
    await page.goto(`${service.url}/desk/audit`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/desk\/sign-in/);
    // The button has the focus.
    await page.keyboard.press('Enter');
    await isIn(page);
    expect(await device.credentials()).toHaveLength(1);
  });

  it('leads to the page that was asked for', async ({ chief, service }) => {
    const { page } = await chief();
    await page.context().clearCookies();
    await page.goto(`${service.url}/desk/audit?edition=uk`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(`${service.url}/desk/audit?edition=uk`);
  });

  it('is offered in the name field where the browser does that', async ({ chief }) => {
    const { page } = await chief('Olena', { offers: true });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/desk\/sign-in/);
    await page.getByText('Use password and code instead').click();
    // The virtual device takes the offer.
    await isIn(page);
  });

  it('that is not used is no dead end', async ({ newPerson, chief, service }) => {
    await chief();
    const { page } = await newPerson();
    await page.goto(`${service.url}/desk/sign-in`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('The passkey was not used').waitFor();
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isEnabled()).toBe(true);
  });

  it('is no way in a browser that has none, and the page says so', async ({ newPage, service }) => {
    const page = await newPage({ locale: 'en-GB' });
    await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
    await page.goto(`${service.url}/desk/sign-in`);
    await page.getByText('This browser has no passkeys.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Password' }).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
  });

  it('is off at an address that is a number, and the page says why and what to do', async ({ newPage, service }) => {
    const page = await newPage({ locale: 'en-GB' });
    const numbered = service.url.replace('localhost', '127.0.0.1');
    await page.goto(`${numbered}/desk/sign-in`);
    await page.getByText('Passkeys are off at this address').waitFor();
    await page.getByText('passkeys need a name').waitFor();
    expect(await page.getByRole('button', { name: 'passkey' }).count()).toBe(0);
    await page.goto(`${numbered}/desk/join#${await service.office.links.first()}`);
    await page.getByLabel('Your name').fill('Olena');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.locator('.qr svg').waitFor();
    await page.getByLabel('Code that the app shows').fill((await appOn(page))());
    await page.keyboard.press('Enter');
    await isIn(page);
  });
});

describe('a link that cannot be looked at', () => {
  it('can be tried again', async ({ newPerson, service }) => {
    const { page } = await newPerson();
    await page.route('**/v1/links/look', (route) => route.abort(), { times: 1 });
    await page.goto(`${service.url}/desk/join#${await service.office.links.first()}`);
    await page.getByText('The server cannot be reached.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Set up the desk of Motograph' }).waitFor();
  });
});

describe('a link that is not whole', () => {
  it('says so', async ({ newPage, service }) => {
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk/join`);
    await page.getByRole('heading', { name: 'This address is not whole' }).waitFor();
    await page.goto(`${service.url}/desk/join#short`);
    await page.getByRole('heading', { name: 'This link is over' }).waitFor();
  });
});
