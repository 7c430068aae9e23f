import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.ts';
import { byPasskey, firstChief, givePassword, HOME, openDesk, type Person, type TestStore } from '../support/desk.ts';
import { meeting } from '../support/meeting.ts';
import { ENGINES } from '../support/service.ts';

const last = { kind: 'last-method' };

let desk: TestStore;
let chief: Person;

async function addPasskey(passkey = new Authenticator(), label?: string) {
  const { ceremony, options } = await desk.methods.passkeyOptions(chief.caller, HOME);
  const body = { ceremony, response: passkey.create(options), ...(label !== undefined && { label }) };
  return { passkey, info: await desk.methods.addPasskey(chief.caller, body), options };
}

const own = async () => (await desk.staff.get(chief.id))?.methods ?? expect.fail('there is nobody');
const idOf = async (name: string) => (await own()).passkeys.find((passkey) => passkey.name === name)?.id ?? '';

describe.each(ENGINES)('ways to sign in on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
  });
  afterEach(() => desk.close());

  it('are more passkeys, each with a name', async () => {
    const { passkey } = await addPasskey(undefined, ' My\nphone ');
    expect((await own()).passkeys.map(({ name }) => name)).toEqual(['Passkey', 'My phone']);
    expect((await byPasskey(desk, { passkey })).staff).toBe(chief.id);
    await desk.methods.renamePasskey(chief.caller, await idOf('My phone'), { label: 'Work phone' });
    await desk.methods.removePasskey(chief.caller, await idOf('Passkey'));
    expect((await own()).passkeys.map(({ name }) => name)).toEqual(['Work phone']);
    expect((await desk.records.acts(9)).map(({ action }) => action).slice(0, 3)).toEqual([
      'passkey-removed',
      'passkey-renamed',
      'signed-in',
    ]);
    expect(JSON.stringify(await desk.records.acts(99))).not.toContain('phone');
  });

  it('are told to a device that has one already', async () => {
    const { options } = await addPasskey();
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual([await idOf('Passkey')]);
    expect(options.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
    expect(options.attestation).toBe('none');
    expect(Buffer.from(options.user.id, 'base64url').toString()).toBe(chief.id);
  });

  it('are not two with one passkey', async () => {
    const { passkey } = await addPasskey();
    await expect(addPasskey(passkey)).rejects.toMatchObject({ kind: 'wrong-proof' });
    expect((await own()).passkeys).toHaveLength(2);
  });

  it('have an end', async () => {
    for (let number = 1; number < 20; number++) await addPasskey();
    await expect(addPasskey()).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('are never none, whatever is taken away at once', async () => {
    await expect(desk.methods.removePasskey(chief.caller, await idOf('Passkey'))).rejects.toMatchObject(last);
    await addPasskey(undefined, 'Second');
    const ids = [await idOf('Passkey'), await idOf('Second')];
    const done = await Promise.allSettled(
      (await meeting(desk)).map(({ methods }, at) => methods.removePasskey(chief.caller, ids[at] ?? '')),
    );
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(done.find(({ status }) => status === 'rejected')).toMatchObject({ reason: last });
    await givePassword(desk, chief);
    await desk.methods.removePasskey(chief.caller, (await own()).passkeys[0]?.id ?? '');
    await expect(desk.methods.removePassword(chief.caller)).rejects.toMatchObject(last);
    expect(await own()).toEqual({ passkeys: [], password: true, sso: false });
  });

  it('are a new password in place of the old', async () => {
    const old = await givePassword(desk, chief);
    const app = await givePassword(desk, chief, 'another long password');
    desk.clock.advance(30_000);
    const enter = (password: string, code: string) =>
      desk.signIn.byPassword({ name: 'Olena', password, code }, '198.51.100.1');
    for (const [password, code] of [
      ['correct horse battery', app.codeAt()],
      ['another long password', old.codeAt()],
    ] as const)
      await expect(enter(password, code)).rejects.toMatchObject({ kind: 'wrong-proof' });
    await enter('another long password', app.codeAt());
  });

  it.each([
    ['label', { label: 'x'.repeat(81) }],
    ['label', { label: '' }],
    ['role', { label: 'Phone', role: 'chief' }],
    ['counter', { label: 'Phone', counter: 0 }],
  ])('refuse a wrong %s', async (field, fields) => {
    const { ceremony, options } = await desk.methods.passkeyOptions(chief.caller, HOME);
    const response = new Authenticator().create(options);
    const refused = { kind: 'invalid', members: { errors: [{ field }] } };
    const add = desk.methods.addPasskey(chief.caller, { ceremony, response, ...fields });
    await expect(add).rejects.toMatchObject(refused);
    const rename = desk.methods.renamePasskey(chief.caller, await idOf('Passkey'), fields);
    await expect(rename).rejects.toMatchObject(refused);
  });

  it('are not there when they are not', async () => {
    const none = { kind: 'not-found' };
    await expect(desk.methods.removePasskey(chief.caller, 'AAAA')).rejects.toMatchObject(none);
    await expect(desk.methods.renamePasskey(chief.caller, '', { label: 'x' })).rejects.toMatchObject(none);
    await expect(desk.methods.removePassword(chief.caller)).rejects.toMatchObject(none);
    await expect(desk.methods.removeSso(chief.caller)).rejects.toMatchObject(none);
    await expect(desk.methods.beginSso(chief.caller, HOME)).rejects.toMatchObject(none);
    await expect(desk.signIn.beginSso(HOME, '')).rejects.toMatchObject(none);
  });

  it('have no passkeys among them where there can be none', async () => {
    const off = { kind: 'passkeys-off', members: { reason: 'needs-https' } };
    const home = 'http://news.lan';
    expect(desk.passkeys.off(home)).toMatchObject({ reason: 'needs-https' });
    expect(desk.passkeys.off(HOME)).toBeUndefined();
    await expect(desk.methods.passkeyOptions(chief.caller, home)).rejects.toMatchObject(off);
    await expect(desk.signIn.passkeyOptions(home, '')).rejects.toMatchObject(off);
  });
});
