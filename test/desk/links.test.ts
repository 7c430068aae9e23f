import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Records } from '../../server/records.ts';
import type { Grant } from '../../server/roles.ts';
import { Authenticator } from '../support/authenticator.ts';
import {
  byPasskey,
  type Desk,
  deskOn,
  FROM,
  firstChief,
  givePassword,
  HOME,
  invited,
  join,
  openDesk,
  PASSWORD,
  type Person,
  type TestStore,
} from '../support/desk.ts';
import { meeting } from '../support/meeting.ts';
import { ENGINES } from '../support/service.ts';

const CHIEF: Grant = { role: 'chief', edition: '*' };
const EDITOR: Grant[] = [{ role: 'editor', edition: 'en' }];
const DAY_MS = 24 * 3600_000;
const over = { kind: 'link-over' };

let desk: TestStore;
let chief: Person;
let ann: Person;

const invite = async (name = 'Ann', grants = EDITOR) => (await desk.links.invite(chief.caller, { name, grants })).token;

/** All of it but the last step, which is what is repeated. */
async function begun(on: Desk, token: string | undefined, name?: string) {
  const body = { token, ...(name !== undefined && { name }) };
  const { ceremony, options } = await on.joining.passkeyOptions(body, HOME);
  const passkey = new Authenticator();
  return () => on.joining.accept({ ...body, passkey: { ceremony, response: passkey.create(options) } }, FROM);
}

const allOf = (steps: (() => Promise<unknown>)[]) => Promise.allSettled(steps.map((step) => step()));
const doneOf = (results: PromiseSettledResult<unknown>[]) => results.filter(({ status }) => status === 'fulfilled');
const kindsOf = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason.kind] : []));

describe.each(ENGINES)('the first link on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
  });
  afterEach(() => desk.close());

  it('makes a chief, who may do everything', async () => {
    const token = (await desk.links.first()) ?? '';
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await desk.links.look(token)).toEqual({ for: 'first', grants: [CHIEF] });
    chief = await join(desk, token, 'Olena');
    expect(chief.caller.actor).toEqual({ id: `staff:${chief.id}`, name: 'Olena', grants: [CHIEF] });
    expect(await desk.links.first()).toBeUndefined();
    expect((await desk.records.acts(9)).map(({ action, actor }) => [action, actor])).toEqual([
      ['joined', `staff:${chief.id}`],
      ['first-link-made', 'motograph'],
    ]);
  });

  it('makes one and no second, of however many there are, on however many nodes', async () => {
    const other = await desk.another();
    const nodes = [desk, other, desk, other];
    const tokens = await Promise.all(nodes.map(({ links }) => links.first()));
    const steps = await Promise.all(tokens.map((token, at) => begun(nodes[at] ?? desk, token, `Chief ${at}`)));
    const done = await allOf(steps);
    expect(doneOf(done)).toHaveLength(1);
    expect(kindsOf(done)).toEqual(['link-over', 'link-over', 'link-over']);
    expect(await desk.staff.list()).toHaveLength(1);
    for (const token of tokens) await expect(desk.links.look(token)).rejects.toMatchObject(over);
  });

  it('makes one, when both of two nodes had none a moment ago', async () => {
    const nodes = await meeting(desk);
    const tokens = [await desk.links.first(), await desk.links.first()];
    const done = await allOf(await Promise.all(nodes.map((node, at) => begun(node, tokens[at], `Chief ${at}`))));
    expect(kindsOf(done)).toEqual(['link-over']);
    expect(await desk.staff.list()).toHaveLength(1);
  });

  it.each([1, 2, 3, 4, 5])('makes one, when another comes before the %d. look at whether there is any', async (nth) => {
    const [one, two] = [await desk.links.first(), await desk.links.first()];
    const other = await begun(desk, two, 'Other');
    const { records } = desk;
    let looks = 0;
    const get: Records['get'] = async (kind, id) => {
      if (kind === 'office' && ++looks === nth) await other();
      return records.get(kind, id);
    };
    const late = deskOn(Object.assign(Object.create(records), { get }), desk.clock);
    const done = await allOf([async () => (await begun(late, one, 'Olena'))()]);
    if (looks < nth) await expect(other()).rejects.toMatchObject(over);
    else expect(kindsOf(done)).toEqual(['link-over']);
    expect(await desk.staff.list()).toHaveLength(1);
  });

  it('is over once the command line has invited a chief', async () => {
    const first = await desk.links.first();
    const operator = { actor: { id: 'cli:root', grants: [CHIEF] }, from: 'cli' };
    await join(desk, (await desk.links.invite(operator, { name: 'Olena', grants: [CHIEF] })).token);
    await expect(desk.links.look(first)).rejects.toMatchObject(over);
    expect(await desk.links.first()).toBeUndefined();
  });

  it.each([[undefined], [''], [' '], [5], ['x'.repeat(81)]])('takes no name like %j', async (name) => {
    const body = { token: await desk.links.first(), name };
    await expect(desk.joining.passkeyOptions(body, HOME)).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe.each(ENGINES)('an invitation on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
  });
  afterEach(() => desk.close());

  it('makes an account with a passkey', async () => {
    const { token, endsAt, id } = await desk.links.invite(chief.caller, { name: 'Ann', grants: EDITOR });
    expect(Date.parse(endsAt)).toBe(desk.clock.now() + DAY_MS);
    expect(await desk.links.look(token)).toEqual({ for: 'invitation', name: 'Ann', grants: EDITOR, by: 'Olena' });
    const [act] = await desk.records.acts(1);
    const actor = `staff:${chief.id}`;
    expect(act).toMatchObject({ action: 'invited', actor, subject: `link:${id}`, why: 'editor in en' });
    ann = await join(desk, token);
    expect(ann.caller.actor).toMatchObject({ name: 'Ann', grants: EDITOR });
    expect((await byPasskey(desk, ann)).staff).toBe(ann.id);
  });

  it('makes an account with a password and its code', async () => {
    const token = await invite();
    const { ceremony, secret, uri } = await desk.joining.passwordOptions({ token });
    const form = { issuer: 'Live', secret, algorithm: 'SHA1', digits: '6', period: '30' };
    expect(uri).toBe(`otpauth://totp/Live:Ann?${new URLSearchParams(form)}`);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const app = new TOTP({ secret });
    const code = () => app.generate({ timestamp: desk.clock.now() });
    const accept = (fields: object) =>
      desk.joining.accept({ token, password: { ceremony, password: PASSWORD, code: code(), ...fields } }, FROM);
    const wrongField = (field: string) => ({ kind: 'invalid', members: { errors: [{ field }] } });
    // A mistyped code or a poor password costs neither the link nor the secret that is in the app by now.
    for (const password of ['', 'elevenchars', 'x'.repeat(201)])
      await expect(accept({ password })).rejects.toMatchObject(wrongField('password'));
    await expect(accept({ code: '000000' })).rejects.toMatchObject(wrongField('code'));
    const { staff } = await accept({});
    expect((await desk.staff.get(staff))?.methods).toEqual({ passkeys: [], password: true, sso: false });
    const enter = () => desk.signIn.byPassword({ name: 'Ann', password: PASSWORD, code: code() }, FROM);
    await expect(enter()).rejects.toMatchObject({ kind: 'wrong-proof' });
    desk.clock.advance(30_000);
    expect((await enter()).staff).toBe(staff);
  });

  it('makes no password that is the name', async () => {
    const token = await invite('Volodymyr the Great');
    const { ceremony } = await desk.joining.passwordOptions({ token });
    const password = { ceremony, password: 'VOLODYMYR THE GREAT', code: '123456' };
    await expect(desk.joining.accept({ token, password }, FROM)).rejects.toMatchObject({
      message: 'password is the name.',
    });
  });

  it('can be looked at, and begun, without being used up', async () => {
    const token = await invite();
    for (let time = 0; time < 3; time++) {
      await desk.links.look(token);
      await desk.joining.passkeyOptions({ token }, HOME);
      await desk.joining.passwordOptions({ token, name: 'Another' });
    }
    await join(desk, token);
  });

  it('is used once, on whatever node, also at once', async () => {
    const other = await desk.another();
    const token = await invite();
    const steps = await Promise.all([desk, other, desk, other].map((node) => begun(node, token)));
    const done = await allOf(steps);
    expect(doneOf(done)).toHaveLength(1);
    for (const kind of kindsOf(done)) expect(['link-over', 'name-taken']).toContain(kind);
    expect(await desk.staff.list()).toHaveLength(2);
    for (const again of [() => desk.links.look(token), () => join(other, token)])
      await expect(again()).rejects.toMatchObject(over);
  });

  it('is used once, when both of two nodes had it open a moment ago', async () => {
    const token = await invite();
    const done = await allOf(await Promise.all((await meeting(desk)).map((node) => begun(node, token))));
    expect(kindsOf(done)).toEqual(['link-over']);
    expect(await desk.staff.list()).toHaveLength(2);
  });

  it('is over after 24 hours, whatever was begun before', async () => {
    const token = await invite();
    const step = await begun(desk, token);
    desk.clock.advance(DAY_MS - 1);
    await desk.links.look(token);
    desk.clock.advance(1);
    for (const late of [() => desk.links.look(token), step, () => join(desk, token)])
      await expect(late()).rejects.toMatchObject(over);
    expect(await desk.links.pending()).toEqual([]);
  });

  it('is over once it is taken back', async () => {
    const { token, id, endsAt } = await desk.links.invite(chief.caller, { name: 'Ann', grants: EDITOR });
    const step = await begun(desk, token);
    const [by, createdAt] = [`staff:${chief.id}`, new Date(desk.clock.now()).toISOString()];
    const pending = { id, for: 'invitation', name: 'Ann', grants: EDITOR, by, createdAt, endsAt };
    expect(await desk.links.pending()).toEqual([pending]);
    await desk.links.revoke(chief.caller, id);
    await expect(step()).rejects.toMatchObject(over);
    expect(await desk.links.pending()).toEqual([]);
    await expect(desk.links.revoke(chief.caller, id)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await desk.records.acts(1)).toMatchObject([{ action: 'link-revoked', subject: `link:${id}` }]);
  });

  it('is over once who made it could not make it any more', async () => {
    const second = await invited(desk, chief, 'Second', [CHIEF]);
    const make = async (name: string) => (await desk.links.invite(second.caller, { name, grants: EDITOR })).token;
    const [one, two] = [await make('One'), await make('Two')];
    const chiefOf = (edition: string) => ({ grants: [{ role: 'chief', edition }] });
    await desk.staff.grant(chief.caller, second.id, chiefOf('uk'));
    await expect(desk.links.look(one)).rejects.toMatchObject(over);
    await desk.staff.grant(chief.caller, second.id, chiefOf('en'));
    await join(desk, one);
    await desk.staff.disable(chief.caller, second.id);
    await expect(join(desk, two)).rejects.toMatchObject(over);
  });

  it('looks alike when used, ended and made up', async () => {
    const used = await invite('Used');
    await join(desk, used);
    const ended = await invite('Ended');
    desk.clock.advance(DAY_MS);
    const refusals = [];
    for (const token of [used, ended, 'A'.repeat(43), '', 'short', undefined, 5, {}])
      refusals.push(await desk.links.look(token).catch(({ kind, message }) => ({ kind, message })));
    expect(new Set(refusals.map((one) => JSON.stringify(one)))).toHaveProperty('size', 1);
    expect(refusals[0]).toMatchObject(over);
  });

  it('is within what the one who invites is a chief of', async () => {
    const local = await invited(desk, chief, 'Local', [{ role: 'chief', edition: 'en' }]);
    const make = (...grants: Grant[]) => desk.links.invite(local.caller, { name: 'Two', grants });
    await make({ role: 'chief', edition: 'en' });
    const beyond: Grant[] = [CHIEF, { role: 'viewer', edition: 'uk' }, { role: 'viewer', edition: '*' }];
    for (const grant of beyond) await expect(make(...EDITOR, grant)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(make({ role: 'viewer', edition: 'gone' })).rejects.toMatchObject({ kind: 'unknown-edition' });
    const { id } = await desk.links.invite(chief.caller, { name: 'Three', grants: [CHIEF] });
    await expect(desk.links.revoke(local.caller, id)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it.each([
    [{}],
    [{ name: 'Ann' }],
    [{ name: 'Ann', grants: [] }],
    [{ name: '', grants: EDITOR }],
    [{ name: 'Ann', grants: EDITOR, role: 'chief' }],
    [{ name: 'Ann', grants: EDITOR, staff: 'id' }],
    [{ name: 'Ann', grants: EDITOR, createdBy: 'me' }],
  ])('is not made of %j', async (body) => {
    await expect(desk.links.invite(chief.caller, body)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('refuses fields that it does not know, and both ways at once or none', async () => {
    const token = await invite();
    const { ceremony, options } = await desk.joining.passkeyOptions({ token }, HOME);
    const passkey = { ceremony, response: new Authenticator().create(options) };
    for (const fields of [
      {},
      { passkey, password: { ceremony, password: PASSWORD, code: '123456' } },
      { passkey, grants: [CHIEF] },
      { passkey, role: 'chief' },
      { passkey, state: 'x' },
      { passkey, revision: 1 },
      { passkey: { ...passkey, createdAt: 'x' } },
      { passkey, sso: { issuer: 'https://id.example', subject: 'me' } },
    ])
      await expect(desk.joining.accept({ token, ...fields }, FROM)).rejects.toMatchObject({ kind: 'invalid' });
    await join(desk, token);
  });

  it('takes no name that somebody has, and lets another be chosen', async () => {
    const [one, two] = [await invite('Ann'), await invite('Ann')];
    await join(desk, one);
    const taken = { kind: 'name-taken' };
    await expect(desk.joining.passkeyOptions({ token: two }, HOME)).rejects.toMatchObject(taken);
    await expect(desk.links.invite(chief.caller, { name: 'ANN', grants: EDITOR })).rejects.toMatchObject(taken);
    expect((await join(desk, two, 'Anna')).name).toBe('Anna');
  });

  it('gives one of two the name that both want at once', async () => {
    const [one, other] = await meeting(desk);
    const done = await allOf([await begun(one, await invite('Ann')), await begun(other, await invite('Ann'))]);
    expect(doneOf(done)).toHaveLength(1);
    expect(kindsOf(done)).toEqual(['name-taken']);
    expect(await desk.staff.list()).toHaveLength(2);
  });
});

describe.each(ENGINES)('a recovery on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
    ann = await invited(desk, chief, 'Ann', EDITOR);
  });
  afterEach(() => desk.close());

  it('gives an account one new way in and ends all else', async () => {
    await givePassword(desk, ann);
    const { token } = await desk.links.recover(chief.caller, ann.id);
    expect(await desk.links.look(token)).toEqual({ for: 'recovery', name: 'Ann', grants: EDITOR, by: 'Olena' });
    // What there was goes on until then.
    await byPasskey(desk, ann);
    const back = await join(desk, token);
    expect(back).toMatchObject({ id: ann.id, name: 'Ann' });
    expect(await desk.staff.actor(ann.id, 1)).toBeUndefined();
    await expect(byPasskey(desk, ann)).rejects.toMatchObject({ kind: 'wrong-proof' });
    expect((await byPasskey(desk, back)).staff).toBe(ann.id);
    expect((await desk.staff.get(ann.id))?.methods).toMatchObject({ passkeys: [{}], password: false, sso: false });
    const acts = (await desk.records.acts(9)).filter(({ subject }) => subject === `staff:${ann.id}`);
    expect(acts.map(({ action }) => action)).toEqual(expect.arrayContaining(['recovered', 'recovery-started']));
  });

  it('is over once another is used', async () => {
    const tokens: string[] = [];
    for (let number = 0; number < 3; number++) tokens.push((await desk.links.recover(chief.caller, ann.id)).token);
    const done = await allOf(await Promise.all(tokens.map((token) => begun(desk, token))));
    expect(doneOf(done)).toHaveLength(1);
    for (const token of tokens) await expect(desk.links.look(token)).rejects.toMatchObject(over);
    expect(await desk.records.list('link')).toEqual([]);
  });

  it('reaches nobody who has risen above who made it', async () => {
    const local = await invited(desk, chief, 'Local', [{ role: 'chief', edition: 'en' }]);
    const { token } = await desk.links.recover(local.caller, ann.id);
    await desk.staff.grant(chief.caller, ann.id, { grants: [CHIEF] });
    await expect(join(desk, token)).rejects.toMatchObject(over);
    await byPasskey(desk, ann);
  });

  it('changes no name and revives nobody who is disabled', async () => {
    const { token } = await desk.links.recover(chief.caller, ann.id);
    await expect(desk.joining.passkeyOptions({ token, name: 'Eve' }, HOME)).rejects.toMatchObject({ kind: 'invalid' });
    await desk.staff.disable(chief.caller, ann.id);
    await expect(desk.links.look(token)).rejects.toMatchObject(over);
    await expect(desk.links.recover(chief.caller, ann.id)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('brings back the last chief, from the command line', async () => {
    const operator = { actor: { id: 'cli:root', grants: [CHIEF] }, from: 'cli' };
    const { token } = await desk.links.recover(operator, chief.id);
    const back = await join(desk, token);
    expect(back.caller.actor).toMatchObject({ name: 'Olena', grants: [CHIEF] });
    await desk.staff.disable(back.caller, ann.id);
  });
});
