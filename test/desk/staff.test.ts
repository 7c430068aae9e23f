import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../server/roles.ts';
import {
  byPasskey,
  type Desk,
  FROM,
  firstChief,
  HOME,
  invited,
  openDesk,
  type Person,
  type TestStore,
} from '../support/desk.ts';
import { meeting } from '../support/meeting.ts';
import { ENGINES } from '../support/service.ts';

const CHIEF: Grant = { role: 'chief', edition: '*' };
const forbidden = { kind: 'forbidden' };
const last = { kind: 'last-chief' };

let desk: TestStore;
let chief: Person;

const grant = (role: Grant['role'], edition: string): Grant => ({ role, edition });
const invite = (name: string, ...grants: Grant[]) => invited(desk, chief, name, grants);

describe.each(ENGINES)('staff on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
  });
  afterEach(() => desk.close());

  it('are listed with what each may do and signs in with', async () => {
    const editor = await invite('Ann', grant('editor', 'en'));
    const list = await desk.staff.list();
    expect(list.map(({ id, name, grants }) => ({ id, name, grants }))).toEqual([
      { id: chief.id, name: 'Olena', grants: [CHIEF] },
      { id: editor.id, name: 'Ann', grants: [grant('editor', 'en')] },
    ]);
    expect(list[1]?.methods).toEqual({
      passkeys: [{ id: expect.any(String), name: 'Passkey', createdAt: expect.any(String) }],
      password: false,
      sso: false,
    });
    expect(await desk.staff.get(editor.id)).toEqual(list[1]);
    expect(await desk.staff.get('nobody')).toBeUndefined();
  });

  it('may at each request what they are granted by then', async () => {
    const editor = await invite('Ann', grant('editor', 'en'));
    const other = await desk.another();
    await desk.staff.grant(chief.caller, editor.id, { grants: [grant('viewer', 'uk')] });
    expect(await other.staff.actor(editor.id, 1)).toEqual({
      id: `staff:${editor.id}`,
      name: 'Ann',
      grants: [grant('viewer', 'uk')],
    });
    const [act] = await desk.records.acts(1);
    expect(act).toMatchObject({
      actor: `staff:${chief.id}`,
      from: FROM,
      action: 'granted',
      subject: `staff:${editor.id}`,
      editions: ['en', 'uk'],
      why: 'viewer in uk',
    });
  });

  it('are out at once when disabled, on every node, and their sessions stay over', async () => {
    const editor = await invite('Ann', grant('editor', 'en'));
    const other = await desk.another();
    expect((await desk.staff.disable(chief.caller, editor.id)).disabledAt).toBeDefined();
    expect(await other.staff.actor(editor.id, 1)).toBeUndefined();
    await expect(byPasskey(other, editor)).rejects.toMatchObject({ kind: 'wrong-proof' });
    expect((await desk.staff.enable(chief.caller, editor.id)).disabledAt).toBeUndefined();
    expect(await other.staff.actor(editor.id, 1)).toBeUndefined();
    const { generation } = await byPasskey(other, editor);
    expect(await desk.staff.actor(editor.id, generation)).toMatchObject({ name: 'Ann' });
  });

  it('have every session ended, by a chief or by themselves', async () => {
    const editor = await invite('Ann', grant('editor', 'en'));
    await desk.staff.endSessions(chief.caller, editor.id);
    expect(await desk.staff.actor(editor.id, 1)).toBeUndefined();
    await desk.staff.endSessions(editor.caller, editor.id);
    expect(await desk.staff.actor(editor.id, 2)).toBeUndefined();
    expect(await desk.staff.actor(editor.id, 3)).toBeDefined();
    await expect(desk.staff.endSessions(editor.caller, chief.id)).rejects.toMatchObject(forbidden);
  });

  describe('with a chief of one edition', () => {
    let local: Person;
    beforeEach(async () => {
      local = await invite('Local', grant('chief', 'en'));
    });

    it('are granted within it alone', async () => {
      const editor = await invite('Ann', grant('editor', 'en'), grant('viewer', 'uk'));
      const set = (...grants: Grant[]) => desk.staff.grant(local.caller, editor.id, { grants });
      await set(grant('chief', 'en'), grant('viewer', 'uk'));
      for (const grants of [
        [],
        [grant('chief', 'en')],
        [grant('chief', 'en'), grant('editor', 'uk')],
        [CHIEF],
        [grant('chief', 'en'), grant('viewer', 'uk'), grant('viewer', '*')],
      ])
        await expect(set(...grants)).rejects.toMatchObject(forbidden);
      await set(grant('viewer', 'uk'));
      expect((await desk.staff.get(editor.id))?.grants).toEqual([grant('viewer', 'uk')]);
    });

    it('are disabled, enabled, recovered and signed out when all they may do is within it', async () => {
      const within = await invite('Within', grant('editor', 'en'));
      const beyond = await invite('Beyond', grant('editor', 'en'), grant('viewer', 'ru'));
      const acts = (id: string) => [
        () => desk.staff.endSessions(local.caller, id),
        () => desk.links.recover(local.caller, id),
        () => desk.staff.disable(local.caller, id),
      ];
      for (const act of acts(within.id)) await act();
      await desk.staff.enable(local.caller, within.id);
      for (const { id } of [beyond, chief])
        for (const act of acts(id)) await expect(act()).rejects.toMatchObject(forbidden);
      await desk.staff.disable(chief.caller, beyond.id);
      await expect(desk.staff.enable(local.caller, beyond.id)).rejects.toMatchObject(forbidden);
    });

    it('do not make themselves more', async () => {
      for (const grants of [[CHIEF], [grant('chief', 'en'), grant('viewer', 'uk')]])
        await expect(desk.staff.grant(local.caller, local.id, { grants })).rejects.toMatchObject(forbidden);
    });
  });

  it.each(['viewer', 'reporter', 'editor'] as const)('are changed by no %s', async (role) => {
    const somebody = await invite('Somebody', grant(role, '*'));
    const nothing = await invite('Nothing', grant('viewer', 'en'));
    await desk.staff.grant(chief.caller, nothing.id, { grants: [] });
    for (const id of [chief.id, nothing.id])
      for (const act of [
        () => desk.staff.grant(somebody.caller, id, { grants: [grant('viewer', 'uk')] }),
        () => desk.staff.disable(somebody.caller, id),
        () => desk.staff.endSessions(somebody.caller, id),
        () => desk.links.recover(somebody.caller, id),
        () => desk.links.invite(somebody.caller, { name: 'New', grants: [grant('viewer', 'en')] }),
      ])
        await expect(act()).rejects.toMatchObject(forbidden);
  });

  it.each([
    [{}],
    [{ grants: 'chief' }],
    [{ grants: [{ role: 'owner', edition: 'en' }] }],
    [{ grants: [{ role: 'chief', edition: 'en', id: 1 }] }],
    [{ grants: [grant('viewer', 'en'), grant('chief', 'en')] }],
    [{ grants: [], role: 'chief' }],
    [{ grants: [], disabledAt: null }],
    [{ grants: [], generation: 1 }],
    [{ grants: [], passkeys: [] }],
    [{ grants: [], createdBy: 'me' }],
    [{ grants: [], revision: 1 }],
    [{ grants: [], state: 'published' }],
  ])('are not granted %j', async (body) => {
    const editor = await invite('Ann', grant('editor', 'en'));
    await expect(desk.staff.grant(chief.caller, editor.id, body)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('are granted editions there are, and keep those that are gone', async () => {
    const editor = await invite('Ann', grant('editor', 'en'));
    const stored = await desk.records.get('staff', editor.id);
    const gone = { ...(stored?.value as object), grants: [grant('viewer', 'gone')] };
    await desk.records.put('staff', editor.id, gone, stored?.version ?? 0);
    const set = (...grants: Grant[]) => desk.staff.grant(chief.caller, editor.id, { grants });
    await expect(set(grant('editor', 'gone'))).rejects.toMatchObject({ kind: 'unknown-edition' });
    await set(grant('viewer', 'gone'), grant('viewer', 'en'));
    await set();
  });

  it('always have a chief, who is neither demoted nor disabled while nobody else is one', async () => {
    await invite('Local', grant('chief', 'en'));
    await expect(desk.staff.grant(chief.caller, chief.id, { grants: [] })).rejects.toMatchObject(last);
    await expect(desk.staff.disable(chief.caller, chief.id)).rejects.toMatchObject(last);
    const second = await invite('Second', CHIEF);
    await desk.staff.disable(chief.caller, second.id);
    await expect(desk.staff.disable(chief.caller, chief.id)).rejects.toMatchObject(last);
    await desk.staff.enable(chief.caller, second.id);
    await desk.staff.disable(chief.caller, chief.id);
    const grants = [grant('editor', '*')];
    await expect(desk.staff.grant(second.caller, second.id, { grants })).rejects.toMatchObject(last);
  });

  it('always have a chief, also when two take each other’s part away at once, on two nodes', async () => {
    const second = await invite('Second', CHIEF);
    for (let round = 0; round < 2; round++) {
      const [one, other] = await meeting(desk);
      const away = (on: Desk, by: Person, id: string) =>
        round % 2 ? on.staff.grant(by.caller, id, { grants: [] }) : on.staff.disable(by.caller, id);
      const done = await Promise.allSettled([away(one, chief, second.id), away(other, second, chief.id)]);
      expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(done.find(({ status }) => status === 'rejected')).toMatchObject({ reason: last });
      for (const { id } of [chief, second]) {
        await desk.staff.enable(chief.caller, id);
        await desk.staff.grant(chief.caller, id, { grants: [CHIEF] });
      }
    }
  });

  it('give themselves names, which no act keeps', async () => {
    await desk.staff.rename(chief.caller, { name: ' Олена \n Пчілка' });
    expect((await desk.staff.get(chief.id))?.name).toBe('Олена Пчілка');
    const acts = await desk.records.acts(100);
    expect(acts[0]).toMatchObject({ action: 'renamed', subject: `staff:${chief.id}` });
    expect(JSON.stringify(acts)).not.toContain('Олена');
    expect(JSON.stringify(acts)).not.toContain('Olena');
  });

  it('have names of which there is one each, whatever their case', async () => {
    await invite('Ann', grant('editor', 'en'));
    for (const name of ['Ann', 'ANN', 'a\u200bnn'])
      await expect(desk.staff.rename(chief.caller, { name })).rejects.toMatchObject({ kind: 'name-taken' });
    await desk.staff.rename(chief.caller, { name: 'OLENA' });
    await desk.staff.rename(chief.caller, { name: 'Olha' });
    await invite('Olena', grant('editor', 'en'));
  });

  it('have names of which one of two gets it, when both want it at once', async () => {
    const ann = await invite('Ann', grant('editor', 'en'));
    const [one, other] = await meeting(desk);
    const done = await Promise.allSettled([
      one.staff.rename(chief.caller, { name: 'Zoe' }),
      other.staff.rename(ann.caller, { name: 'ZOE' }),
    ]);
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const names = (await desk.records.list('staff-name')).map(({ id }) => id);
    expect(names).toHaveLength(2);
    expect(names).toContain('zoe');
  });

  it.each([[{}], [{ name: '' }], [{ name: 'x'.repeat(81) }], [{ name: 'a\u0007b' }], [{ name: 'a', role: 'chief' }]])(
    'are not called %j',
    async (body) => {
      await expect(desk.staff.rename(chief.caller, body)).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  it('are people: no key changes a name or a way to sign in', async () => {
    const key = { actor: { id: 'key:0123456789ab', grants: [CHIEF] }, from: FROM };
    for (const act of [
      () => desk.staff.rename(key, { name: 'Key' }),
      () => desk.methods.passkeyOptions(key, HOME),
      () => desk.methods.removePassword(key),
    ])
      await expect(act()).rejects.toMatchObject(forbidden);
  });

  it.each(['', 'nobody', '../staff', '0199e0f0-0000-7000-8000-000000000000'])('are not found as "%s"', async (id) => {
    for (const act of [
      () => desk.staff.grant(chief.caller, id, { grants: [] }),
      () => desk.staff.disable(chief.caller, id),
      () => desk.staff.enable(chief.caller, id),
      () => desk.staff.endSessions(chief.caller, id),
      () => desk.links.recover(chief.caller, id),
    ])
      await expect(act()).rejects.toMatchObject({ kind: 'not-found' });
  });
});
