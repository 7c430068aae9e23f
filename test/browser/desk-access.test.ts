import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { DESK_WORDS } from '../../server/pages/desk/words.ts';
import { atTheDoor } from '../support/door.ts';

const LANGUAGES = DESK_WORDS.map(({ language }) => language);
const COLOURS = ['light', 'dark', 'forced'] as const;
const WIDTHS = [360, 1280];

interface State {
  name: string;
  path: string;
  /** What brings the page into it. */
  until?: (page: Page) => Promise<unknown>;
}

const press = (selector: string) => (page: Page) => page.locator(selector).first().click();
const open = (id: string) => press(`[data-open=${id}]`);
const instead = press('.instead summary');

const OUTSIDE: State[] = [
  { name: 'sign-in', path: '/desk/sign-in?ended&sso=uninvited' },
  {
    name: 'sign-in with what is missing',
    path: '/desk/sign-in',
    until: async (page) => {
      await instead(page);
      await press('.by-password .button')(page);
    },
  },
  { name: 'sign-in where passkeys are off', path: 'http://127.0.0.1:PORT/desk/sign-in' },
  { name: 'a link that is not whole', path: '/desk/join' },
  { name: 'a link that is over', path: '/desk/join#over' },
  { name: 'an invitation', path: '/desk/join#INVITATION' },
  {
    name: 'an invitation, with a password',
    path: '/desk/join#INVITATION',
    until: async (page) => {
      await instead(page);
      await page.locator('.qr svg').waitFor();
    },
  },
  { name: 'a recovery', path: '/desk/join#RECOVERY' },
];

const INSIDE: State[] = [
  { name: 'the desk', path: '/desk' },
  { name: 'the account', path: '/desk/account' },
  {
    name: 'the account, with a new password',
    path: '/desk/account',
    until: async (page) => {
      await press('.set-password')(page);
      await page.locator('.qr svg').waitFor();
    },
  },
  { name: 'the account, with another name', path: '/desk/account', until: open('rename') },
  { name: 'staff', path: '/desk/staff' },
  { name: 'staff, invited', path: '/desk/staff', until: open('invite') },
  {
    name: 'staff, invited by nothing',
    path: '/desk/staff',
    until: async (page) => {
      await open('invite')(page);
      await page.keyboard.press('Enter');
    },
  },
  { name: 'staff, given roles', path: '/desk/staff', until: press('.grant-roles') },
  {
    name: 'staff, disabled and refused',
    path: '/desk/staff',
    until: async (page) => {
      await press('[data-to$="disable"]')(page);
      await press('#ask .danger')(page);
      await page.locator('#ask [role=alert]').waitFor();
    },
  },
  {
    name: 'staff, with a link',
    path: '/desk/staff',
    until: async (page) => {
      await press('[data-to$="recover"]')(page);
      await press('#ask .danger')(page);
      await page.locator('#link[open]').waitFor();
    },
  },
  { name: 'keys', path: '/desk/keys' },
  { name: 'keys, added', path: '/desk/keys', until: open('add') },
  {
    name: 'keys, with one that is shown',
    path: '/desk/keys',
    until: async (page) => {
      await open('add')(page);
      await page.keyboard.type('CMS');
      await page.keyboard.press('Enter');
      await page.locator('#key[open]').waitFor();
    },
  },
  {
    name: 'what needs a fresh sign-in',
    path: '/desk/keys',
    until: (page) => page.locator('#prove').evaluate((dialog: HTMLDialogElement) => dialog.showModal()),
  },
  { name: 'the audit of the office', path: '/desk/audit' },
  { name: 'the audit of an edition', path: '/desk/audit?edition=en' },
];

const it = atTheDoor
  /** So that what leads to it is there. */
  .override('service', ({ start }) =>
    start({ OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'motograph', OIDC_CLIENT_SECRET: 'a secret' }),
  )
  .extend('violations', () => async (page: Page) => {
    // As a debugger does it: the page's own policy lets no script in.
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const run = (window as unknown as { axe: typeof axe }).axe.run;
      const { violations } = await run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ failureSummary }) => failureSummary).join(' ')}`);
    });
  })
  /** In every look; the page is the same, so it need not be loaded again. */
  .extend('wrongIn', ({ violations }) => async (page: Page) => {
    const wrong: string[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      for (const colours of COLOURS) {
        await page.emulateMedia({
          colorScheme: colours === 'dark' ? 'dark' : 'light',
          forcedColors: colours === 'forced' ? 'active' : 'none',
        });
        for (const found of await violations(page)) wrong.push(`${colours}, ${width} px: ${found}`);
      }
      const needs = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needs > width) wrong.push(`${width} px: it needs ${needs}`);
    }
    return wrong;
  });

const addressOf = (url: string, path: string, language: string) => {
  const address = new URL(path, url);
  address.searchParams.set('lang', language);
  return address.href;
};

describe('axe finds nothing wrong, and nothing is wider than the screen', () => {
  it.for(LANGUAGES)(
    'outside, in %s',
    { timeout: 120_000 },
    async (language, { chief, invite, newPerson, service, wrongIn }) => {
      await chief('Olena');
      const [olena] = await service.office.staff.list();
      const recovery = await service.office.links.recover(operator(), olena?.id ?? '');
      const tokens: Record<string, string> = {
        INVITATION: await invite('Night desk', { role: 'editor', edition: 'uk' }, { role: 'viewer', edition: '*' }),
        RECOVERY: recovery.token,
        PORT: new URL(service.url).port,
      };
      const { page } = await newPerson();
      for (const { name, path, until } of OUTSIDE) {
        const there = path.replace(/INVITATION|RECOVERY|PORT/, (word) => tokens[word] ?? '');
        await page.goto('about:blank');
        await page.goto(addressOf(service.url, there, language));
        await page.locator('h1:visible').waitFor();
        await until?.(page);
        expect([name, await wrongIn(page)]).toEqual([name, []]);
      }
    },
  );

  it.for(LANGUAGES)(
    'inside, in %s',
    { timeout: 240_000 },
    async (language, { chief, invite, comeIn, service, wrongIn }) => {
      const { page } = await chief('Olena Koval');
      await comeIn(await invite('Night desk', { role: 'editor', edition: 'uk' }, { role: 'reporter', edition: 'en' }));
      await comeIn(await invite('Gone', { role: 'viewer', edition: '*' }));
      const gone = (await service.office.staff.list()).find(({ name }) => name === 'Gone');
      await service.office.staff.disable(operator(), gone?.id ?? '');
      await invite('Somebody with a name as long as names of people and desks may be, give or take a letter', {
        role: 'editor',
        edition: 'uk',
      }).catch(() => {});
      await invite('Iryna', { role: 'reporter', edition: 'ru' });
      const { item } = await service.api.post('Mayor: repairs take two days');
      await service.api.act(item.id, 'kill', { notice: 'The report could not be confirmed.' });
      for (const { name, path, until } of INSIDE) {
        await page.goto(addressOf(service.url, path, language));
        await page.locator('[data-state=live]').waitFor();
        await until?.(page);
        expect([name, await wrongIn(page)]).toEqual([name, []]);
      }
    },
  );
});

describe('by keyboard alone', () => {
  it('an invitation is made and taken away, and every stop is seen', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/staff`);
    await page.locator('[data-state=live]').waitFor();
    const at = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { top, bottom } = element.getBoundingClientRect();
        const seen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && bottom > 0 && top < innerHeight;
        const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
        return { name: element.closest('label')?.firstChild?.textContent || name || element.id, seen };
      });
    const tabTo = async (name: string) => {
      for (let tabs = 0; tabs < 30; tabs++) {
        await page.keyboard.press('Tab');
        const { name: there, seen } = await at();
        if (there !== '') expect([there, seen]).toEqual([there, true]);
        if (there === name) return;
      }
      throw new Error(`no Tab leads to ${name}`);
    };
    await page.keyboard.press('Tab');
    expect(await at()).toEqual({ name: 'To the content', seen: true });
    await page.keyboard.press('Enter');
    await tabTo('Invite…');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Night desk');
    await tabTo('English');
    await page.keyboard.type('editor');
    await tabTo('Make the link');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A link for Night desk' }).waitFor();
    await tabTo('Copy');
    await page.keyboard.press('Enter');
    await page
      .locator('#link output')
      .getByText(/Copied|Selected/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Invitations that wait' }).getByText('English editor').waitFor();
    await tabTo('Revoke… Night desk');
    await page.keyboard.press('Enter');
    await tabTo('Revoke');
    await page.keyboard.press('Enter');
    await page.getByText('The link is revoked.').waitFor();
    // What it was about is gone, so it goes on from the top of the page.
    expect((await at()).name).toBe('Staff');
  });

  it('the password is reached, seen, and sent', async ({ chief, newPage, service }) => {
    await chief('Olena');
    const page = await newPage({ locale: 'en-GB' });
    await page.goto(`${service.url}/desk/sign-in`);
    // Browsers focus it when they first paint, which may be after the page has loaded.
    await page.locator('.by-passkey:focus').waitFor();
    // Past the single sign-on, which is there too.
    for (const _ of ['single sign-on', 'password']) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (const text of ['Olena', 'not the password', '123456']) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.getByText('Name, password or code is wrong.').waitFor();
  });
});

describe('without scripts', () => {
  /** What stands in a `noscript` is no text for the test's own locators. */
  const said = async (page: Page) => {
    const note = page.locator('noscript .note');
    expect(await note.isVisible()).toBe(true);
    expect(await note.textContent()).toContain('This page needs JavaScript.');
  };

  it('each page says that it needs one, and no password gets into an address', async ({ newPage, service, chief }) => {
    const { page: theirs } = await chief('Olena');
    const page = await newPage({ javaScriptEnabled: false, locale: 'en-GB' });
    for (const path of ['/desk/sign-in', '/desk/join']) {
      await page.goto(`${service.url}${path}`);
      await said(page);
    }
    await page.goto(`${service.url}/desk/sign-in`);
    await page.getByText('Use password and code instead').click();
    await page.getByRole('textbox', { name: 'Password' }).fill('hunter2');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(page.url()).toBe(`${service.url}/desk/sign-in`);
    await page.context().addCookies(await theirs.context().cookies());
    for (const path of ['', '/account', '/staff', '/keys', '/audit']) {
      await page.goto(`${service.url}/desk${path}`);
      await said(page);
    }
  });
});
