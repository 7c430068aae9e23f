import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { operator } from '../../server/commands/office.ts';
import { atTheDoor, setUp } from '../support/door.ts';

const NASTY = '<img src=x onerror="document.title=1"> {name} "’&amp;';

const it = atTheDoor
  /** How much later it is than it is. */
  .extend('later', () => ({ by: 0 }))
  .override('service', ({ start, later }) => start({}, { ...systemClock, now: () => Date.now() + later.by }));

const dialog = (page: Page) => page.locator('dialog[open]');
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

describe('staff', () => {
  it('are given roles, disabled and enabled, each after a question', async ({ chief, invite, comeIn, service }) => {
    const { page } = await chief();
    const grants = [{ role: 'editor', edition: 'uk' } as const, { role: 'viewer', edition: 'en' } as const];
    const { page: other } = await comeIn(await invite('Night desk', ...grants));
    await page.goto(`${service.url}/desk/staff`);
    const row = page.getByRole('listitem').filter({ hasText: 'Night desk' });
    await row.getByRole('button', { name: 'Change role…' }).click();
    await dialog(page).getByRole('heading', { name: 'What may Night desk do?' }).waitFor();
    const select = (name: string) => dialog(page).getByRole('combobox', { name });
    expect(await select('Українська').inputValue()).toBe('editor');
    expect(await select('All editions').inputValue()).toBe('');
    await select('English').selectOption('reporter');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('The roles are saved.').waitFor();
    expect(await row.locator('.chips li').allInnerTexts()).toEqual(['Українська editor', 'English reporter']);
    // The focus is where it was, though the list is another one.
    expect(await focused(page)).toBe('Change role… Night desk');

    await row.getByRole('button', { name: 'Disable…' }).click();
    await dialog(page).getByText('They are signed out at once').waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog(page).count()).toBe(0);
    expect(await focused(page)).toBe('Disable… Night desk');
    await page.keyboard.press('Enter');
    // What cannot be taken back lightly is not the first button that Enter finds.
    expect(await focused(page)).toBe('Cancel');
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled.').waitFor();
    await other.waitForURL(/sign-in/);
    await row.getByText('Disabled since').waitFor();
    await row.getByRole('button', { name: 'Enable…' }).click();
    await dialog(page).getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Enabled.').waitFor();
  });

  it('keep a chief: the last one is told so in the dialog', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Disable… Olena' }).click();
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByRole('alert').getByText('There would be no chief left.').waitFor();
  });

  it('of one edition are what its chief sees to, and no more', async ({ chief, invite, comeIn, service }) => {
    await chief();
    await comeIn(await invite('Reporter', { role: 'reporter', edition: 'uk' }, { role: 'editor', edition: 'en' }));
    const { page } = await comeIn(await invite('Chief of uk', { role: 'chief', edition: 'uk' }));
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Change role… Reporter' }).click();
    const choices = dialog(page).getByRole('combobox');
    expect(await choices.count()).toBe(1);
    await choices.selectOption('editor');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('The roles are saved.').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Reporter' });
    expect((await row.locator('.chips li').allInnerTexts()).toSorted()).toEqual([
      'English editor',
      'Українська editor',
    ]);
    await page.getByRole('button', { name: 'Disable… Reporter' }).click();
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByText('You may not do this').waitFor();
  });
});

describe('a name', () => {
  it('is text, whatever it holds, on every page', async ({ chief, invite, comeIn, service }) => {
    const { page } = await chief(NASTY);
    await invite(`2 ${NASTY}`, { role: 'editor', edition: '*' });
    await comeIn(await invite(`3 ${NASTY}`, { role: 'editor', edition: '*' }));
    await service.office.keys.add(operator(), { name: NASTY, role: 'editor', editions: ['*'] });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    for (const path of ['', '/account', '/staff', '/keys', '/audit']) {
      await page.goto(`${service.url}/desk${path}`);
      await page.locator('[data-state=live]').waitFor();
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('.who bdi').textContent()).toBe(NASTY);
      expect(await page.title()).not.toBe('1');
    }
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Change role…' }).last().click();
    expect(await dialog(page).getByRole('heading').textContent()).toBe(`What may 3 ${NASTY} do?`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New sign-in link…' }).last().click();
    await dialog(page).getByRole('button', { name: 'Make the link' }).click();
    await page.getByRole('dialog', { name: `A link for 3 ${NASTY}` }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('keys', () => {
  it('are made, shown this once, copied and revoked', async ({ chief, service }) => {
    const { page } = await chief('Olena', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${service.url}/desk/keys`);
    await page.getByText('No keys yet.').count();
    await page.getByRole('button', { name: 'Add a key…' }).click();
    await page.keyboard.type('CMS');
    await dialog(page).getByLabel('All editions').uncheck();
    await page.keyboard.press('Enter');
    await dialog(page).getByText('Choose at least one edition.').waitFor();
    await dialog(page).getByLabel('English').check();
    await dialog(page).getByRole('button', { name: 'Make the key' }).click();
    await dialog(page).getByRole('heading', { name: 'The key “CMS”' }).waitFor();
    const key = await dialog(page).getByRole('textbox', { name: 'Key' }).inputValue();
    await dialog(page).getByRole('button', { name: 'Copy' }).click();
    await dialog(page).getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    await dialog(page).getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.locator('#key-text').inputValue()).toBe('');
    const post = (headline: string) =>
      fetch(`${service.url}/v1/items`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ edition: 'en', headline }),
      });
    expect((await post('By the key')).status).toBe(201);
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'CMS' });
    await row.getByText('last used').waitFor();
    expect(await row.locator('.chips').innerText()).toBe('English editor');
    await row.getByRole('button', { name: 'Revoke…' }).click();
    await dialog(page).getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('The key is revoked.').waitFor();
    await page.getByRole('region', { name: 'Revoked' }).getByText('CMS').waitFor();
    expect((await post('After it')).status).toBe(401);
  });
});

describe('one’s account', () => {
  it('gets a second way in, and never loses the last one', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/account`);
    const ways = page.getByRole('region', { name: 'Ways to sign in' });
    await ways.getByText('Your only way to sign in.').waitFor();
    expect(await ways.getByRole('button', { name: 'Remove…' }).count()).toBe(0);
    await ways.getByRole('button', { name: 'Rename… Chrome on Linux' }).click();
    await dialog(page).getByLabel('Name of the passkey').fill('Work laptop');
    await page.keyboard.press('Enter');
    await page.getByText('Renamed.').waitFor();
    await ways.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('This device has a passkey for you here already.').waitFor();
    await ways.getByRole('button', { name: 'Set a password…' }).click();
    await setUp(page, 'a sentence that nobody guesses');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Password and code are set.').waitFor();
    await ways.getByRole('button', { name: 'Remove… Work laptop' }).click();
    await dialog(page).getByText('“Work laptop” no longer opens the desk.').waitFor();
    await dialog(page).getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Removed.').waitFor();
    await ways.getByText('Your only way to sign in.').waitFor();
  });

  it('gets another secret when setting up the app took too long', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/account`);
    await page.getByRole('button', { name: 'Set a password…' }).click();
    await setUp(page, 'a sentence that nobody guesses');
    const secret = await dialog(page).locator('.secret').innerText();
    const { records } = service.office.engine;
    for (const { id } of await records.list('ceremony')) await records.take('ceremony', id);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('That took more than 5 minutes.').waitFor();
    expect(await dialog(page).locator('.secret').innerText()).not.toBe(secret);
    await setUp(page, 'a sentence that nobody guesses');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Password and code are set.').waitFor();
  });

  it('is renamed, and the bar with it', async ({ chief, service }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/account`);
    await page.getByRole('button', { name: 'Change… Olena' }).click();
    await dialog(page).getByLabel('Name', { exact: true }).fill('Olena Koval');
    await page.keyboard.press('Enter');
    await page.locator('.who').getByText('Olena Koval').waitFor();
  });
});

describe('what needs a fresh sign-in', () => {
  it('asks for it over the page, and then goes on', async ({ chief, service, later }) => {
    const { page } = await chief();
    later.by = 11 * 60_000;
    await page.goto(`${service.url}/desk/staff`);
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.keyboard.type('Night desk');
    await dialog(page).getByRole('combobox', { name: 'English' }).selectOption('editor');
    await dialog(page).getByRole('button', { name: 'Make the link' }).click();
    const prove = page.getByRole('dialog', { name: 'Is it still you?' });
    await prove.waitFor();
    await prove.getByRole('button', { name: 'Cancel' }).click();
    // What was filled in is still there.
    expect(await dialog(page).getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Night desk');
    await dialog(page).getByRole('button', { name: 'Make the link' }).click();
    // The button has the focus.
    await prove.waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A link for Night desk' }).waitFor();
  });

  it('takes a password and a code as well, and says when they are wrong', async ({ chief, service, later }) => {
    const { page } = await chief();
    await page.goto(`${service.url}/desk/account`);
    await page.getByRole('button', { name: 'Set a password…' }).click();
    const app = await setUp(page, 'a sentence that nobody guesses');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Password and code are set.').waitFor();
    later.by = 11 * 60_000;
    await page.goto(`${service.url}/desk/keys`);
    await page.getByRole('button', { name: 'Add a key…' }).click();
    await page.keyboard.type('CMS');
    await page.keyboard.press('Enter');
    const prove = page.getByRole('dialog', { name: 'Is it still you?' });
    await prove.getByText('Use password and code instead').click();
    for (const code of ['000000', app(later.by)]) {
      await prove.getByRole('textbox', { name: 'Password' }).fill('a sentence that nobody guesses');
      await prove.getByRole('textbox', { name: 'Code' }).fill(code);
      await page.keyboard.press('Enter');
      if (code === '000000') await prove.getByText('Name, password or code is wrong.').waitFor();
    }
    await page.getByRole('dialog', { name: 'The key “CMS”' }).waitFor();
  });
});

describe('somebody else’s passkey', () => {
  it('does nothing of what was asked for', async ({ chief, invite, comeIn, service, later }) => {
    const { page, device } = await chief();
    const other = await comeIn(await invite('Night desk', { role: 'chief', edition: '*' }));
    await device.takeOver(other.device);
    later.by = 11 * 60_000;
    await page.goto(`${service.url}/desk/keys`);
    await page.getByRole('button', { name: 'Add a key…' }).click();
    await page.keyboard.type('CMS');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Is it still you?' }).waitFor();
    await page.keyboard.press('Enter');
    // It is their newsroom now, and they asked for nothing.
    await page.locator('.who').getByText('Night desk').waitFor();
    expect((await service.office.keys.list()).map(({ name }) => name)).not.toContain('CMS');
  });
});

describe('the audit', () => {
  it('says in sentences who did what, in the newsroom’s time, and in full in UTC', async ({ chief, service }) => {
    const { page } = await chief();
    const { item } = await service.api.post('Mayor: repairs take two days');
    const amendment = { kind: 'correction', changes: { headline: 'Mayor: repairs take four days' }, revision: 1 };
    await service.api.act(item.id, 'amend', { ...amendment, notice: 'An earlier version said two days.' });
    const killed = await service.api.post('Never said');
    await service.api.act(killed.item.id, 'kill', { notice: 'The report could not be confirmed.' });
    await page.goto(`${service.url}/desk/audit`);
    await page.getByText('Olena joined').waitFor();
    await page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name: 'English' }).click();
    const rows = page.locator('.log .title');
    await page.getByText('An earlier version said two days.').waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.replace(killed.item.id, 'ID'))).toEqual([
      'The key test killed an item ID',
      'The key test published an item ID',
      'The key test corrected “Mayor: repairs take four days”',
      'The key test published “Mayor: repairs take four days”',
    ]);
    expect(await page.content()).not.toContain('Never said');
    const time = page.locator('.log time').first();
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    expect(await time.getAttribute('title')).toBe(`${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`);
    const kyiv = at.toLocaleTimeString('en-GB', { timeZone: 'Europe/Kyiv', hour: '2-digit', minute: '2-digit' });
    expect(await time.innerText()).toBe(kyiv);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export all as JSON Lines' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('audit-en.jsonl');
  });

  it('goes back by pages', async ({ chief, service }) => {
    const { page } = await chief();
    for (let number = 1; number <= 101; number++) await service.api.post(`Headline ${number}`);
    await page.goto(`${service.url}/desk/audit?edition=en&lang=en`);
    expect(await page.locator('.log .row').count()).toBe(100);
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByText('Headline 1', { exact: true }).waitFor();
    expect(await page.locator('.log .row').count()).toBe(1);
    await page.getByRole('link', { name: 'Newest' }).click();
    await page.getByText('Headline 101').waitFor();
  });

  it('shows an editor their edition, and nobody’s office', async ({ chief, invite, comeIn, service }) => {
    await chief();
    const { page } = await comeIn(await invite('Editor', { role: 'editor', edition: 'uk' }));
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Audit' }).click();
    await page.waitForURL(`${service.url}/desk/audit`);
    expect(await page.locator('.filters li').allInnerTexts()).toEqual(['Українська']);
    expect(await page.locator('.places li').allInnerTexts()).toEqual(['Desk', 'Account', 'Audit']);
  });
});
