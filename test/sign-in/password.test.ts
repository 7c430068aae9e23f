import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readAccount } from '../../server/desk/account.ts';
import { Passwords } from '../../server/sign-in/password.ts';
import { Turnstile } from '../../server/sign-in/turnstile.ts';
import {
  byPasskey,
  deskOn,
  FROM,
  firstChief,
  givePassword,
  invited,
  openDesk,
  PASSWORD,
  type Person,
  type TestStore,
} from '../support/desk.ts';
import { meeting } from '../support/meeting.ts';
import { ENGINES } from '../support/service.ts';

let desk: TestStore;
let chief: Person;
let app: Awaited<ReturnType<typeof givePassword>>;

const wrong = { kind: 'wrong-proof' };
const STEP_MS = 30_000;

describe.each(ENGINES)('a password on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
    app = await givePassword(desk, chief);
    // The code that showed that the app works is used.
    desk.clock.advance(2 * STEP_MS);
  });
  afterEach(() => desk.close());

  const enter = (fields: object = {}, node: Pick<TestStore, 'signIn'> = desk, from = FROM) =>
    node.signIn.byPassword({ name: 'Olena', password: PASSWORD, code: app.codeAt(), ...fields }, from);

  it('lets its person in, together with a code', async () => {
    expect(await enter()).toEqual({ staff: chief.id, generation: 1, name: 'Olena', provenAt: desk.clock.now() });
    const [act] = await desk.records.acts(1);
    expect(act).toMatchObject({ actor: `staff:${chief.id}`, from: FROM, action: 'signed-in', why: 'password' });
  });

  it('is for a name in whatever case and form, and is one in whatever form it is typed', async () => {
    await enter({ name: '  OLENA\u200b ' });
    desk.clock.advance(STEP_MS);
    app = await givePassword(desk, chief, 'пароль ﬁnancier \u00e9');
    desk.clock.advance(STEP_MS);
    await enter({ password: 'пароль financier e\u0301' });
  });

  it('looks the same whatever is wrong: the name, the password, the code', async () => {
    const refusals = [];
    for (const fields of [
      { name: 'Nobody' },
      { password: `${PASSWORD}!` },
      { code: '000000' },
      { name: 'x'.repeat(400) },
    ])
      refusals.push(await enter(fields).catch((problem) => ({ ...problem, message: problem.message })));
    expect(new Set(refusals.map((problem) => JSON.stringify(problem)))).toHaveProperty('size', 1);
    expect(refusals[0]).toMatchObject(wrong);
  });

  it('is weighed once for each try, whatever is wrong', async () => {
    const verify = vi.spyOn(Passwords.prototype, 'verify');
    try {
      for (const fields of [{ name: 'Nobody' }, { password: 'wrong' }, { code: '000000' }]) {
        verify.mockClear();
        await expect(enter(fields)).rejects.toMatchObject(wrong);
        expect(verify).toHaveBeenCalledTimes(1);
      }
    } finally {
      verify.mockRestore();
    }
  });

  it('opens nothing once it is removed, or its person is disabled', async () => {
    const editor = await invited(desk, chief, 'Ann', [{ role: 'editor', edition: 'en' }]);
    app = await givePassword(desk, editor);
    desk.clock.advance(STEP_MS);
    const fields = { name: 'Ann' };
    await enter(fields);
    desk.clock.advance(STEP_MS);
    await desk.staff.disable(chief.caller, editor.id);
    await expect(enter(fields)).rejects.toMatchObject(wrong);
    await desk.staff.enable(chief.caller, editor.id);
    await enter(fields);
    desk.clock.advance(STEP_MS);
    await desk.methods.removePassword(editor.caller);
    await expect(enter(fields)).rejects.toMatchObject(wrong);
  });

  it('takes a code once, on whatever node, and none before it', async () => {
    const other = await desk.another();
    const before = app.codeAt(desk.clock.now() - STEP_MS);
    const code = app.codeAt();
    const tries = await Promise.allSettled([desk, other, desk, other].map((node) => enter({ code }, node)));
    expect(tries.map(({ status }) => status).filter((status) => status === 'fulfilled')).toHaveLength(1);
    for (const used of [code, before]) await expect(enter({ code: used }, other)).rejects.toMatchObject(wrong);
  });

  it('takes a code once, when it was right for both of two nodes a moment ago', async () => {
    const code = app.codeAt();
    const tries = await Promise.allSettled((await meeting(desk)).map((node) => enter({ code }, node)));
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({ reason: wrong });
  });

  it('takes the code of the step before and after, and no other', async () => {
    const at = (steps: number) => app.codeAt(desk.clock.now() + steps * STEP_MS);
    for (const steps of [-2, 2]) await expect(enter({ code: at(steps) })).rejects.toMatchObject(wrong);
    await enter({ code: at(-1) });
    await enter({ code: at(0) });
    await enter({ code: at(1) });
    await expect(enter({ code: at(0) })).rejects.toMatchObject(wrong);
  });

  it('does not let the code in that showed that the app works', async () => {
    const { codeAt } = await givePassword(desk, chief);
    await expect(enter({ code: codeAt() })).rejects.toMatchObject(wrong);
    desk.clock.advance(STEP_MS);
    await enter({ code: codeAt() });
  });

  it('is hashed anew once more is asked of hashes', async () => {
    const hash = async () => (await readAccount(desk.records, chief.id))?.account.password;
    const before = await hash();
    await enter();
    expect(await hash()).toEqual(before);
    const strength = { memory: 128, passes: 2, parallelism: 1 };
    const stronger = deskOn(desk.records, desk.clock, { strength });
    for (let time = 0; time < 2; time++) {
      desk.clock.advance(STEP_MS);
      await enter({}, stronger);
      expect(await hash()).toMatchObject(strength);
    }
    desk.clock.advance(STEP_MS);
    await expect(enter({ password: 'wrong' }, stronger)).rejects.toMatchObject(wrong);
  });

  it('refuses fields that it does not know', async () => {
    for (const field of ['role', 'state', 'createdBy', 'revision', 'staff', 'generation'])
      await expect(enter({ [field]: 1 })).rejects.toMatchObject({ kind: 'invalid', members: { errors: [{ field }] } });
  });

  it('may be tried five times, then the name is locked and that is on record, and passkeys go on', async () => {
    const other = await desk.another();
    const node = (number: number) => (number % 2 ? other : desk);
    for (let tried = 0; tried < 5; tried++)
      await expect(enter({ password: 'wrong' }, node(tried), `198.51.100.${tried}`)).rejects.toMatchObject(wrong);
    for (const node of [desk, other])
      await expect(enter({}, node)).rejects.toMatchObject({ kind: 'too-many', status: 429, retryAfter: 900 });
    const [act] = await desk.records.acts(1);
    expect(act).toMatchObject({ actor: 'motograph', action: 'locked-out', subject: `staff:${chief.id}`, from: FROM });
    await byPasskey(other, chief);
    for (const { id } of await desk.records.list('attempts')) await desk.records.take('attempts', id);
    await enter();
  });

  it('of nobody is locked and on record as well, so that this tells no name', async () => {
    for (let tried = 0; tried < 5; tried++) await expect(enter({ name: 'Nobody' })).rejects.toMatchObject(wrong);
    await expect(enter({ name: 'Nobody' })).rejects.toMatchObject({ kind: 'too-many', retryAfter: 900 });
    expect(await desk.records.acts(1)).toMatchObject([{ action: 'locked-out', subject: 'staff:nobody' }]);
  });

  it('that finds no place among those that are weighed does not count', async () => {
    const turnstile = new Turnstile(1, 0);
    const busy = deskOn(desk.records, desk.clock, { turnstile });
    const done = Promise.withResolvers<void>();
    const first = turnstile.pass(() => done.promise);
    for (let tried = 0; tried < 30; tried++)
      await expect(enter({}, busy)).rejects.toMatchObject({ kind: 'too-many', retryAfter: 2 });
    const counts = (await desk.records.list('attempts')).map(({ value }) => value);
    expect(counts).toEqual([0, 0, 0]);
    done.resolve();
    await first;
    await enter({}, busy);
  });

  it('is tried by a right one without an end', async () => {
    for (let number = 0; number < 12; number++) {
      await enter();
      desk.clock.advance(STEP_MS);
    }
  });
});

it('is hashed with what OWASP asks for', async () => {
  const hash = await new Passwords().hash(PASSWORD);
  expect(hash).toMatchObject({ memory: 19_456, passes: 2, parallelism: 1 });
  expect([hash.salt, hash.tag].map((text) => Buffer.from(text, 'base64url').length)).toEqual([16, 32]);
  expect(await new Passwords().verify(PASSWORD, hash)).toBe(true);
  expect(await new Passwords().verify(`${PASSWORD}!`, hash)).toBe(false);
});
