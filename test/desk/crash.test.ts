import { expect, it } from 'vitest';
import { Account } from '../../server/desk/account.ts';
import { nameKey } from '../../server/desk/names.ts';
import type { Records } from '../../server/records.ts';
import type { Grant } from '../../server/roles.ts';
import {
  byPasskey,
  type Desk,
  deskOn,
  FROM,
  firstChief,
  givePassword,
  invited,
  join,
  openDesk,
  PASSWORD,
  type Person,
  type TestStore,
} from '../support/desk.ts';
import { Died, mortal } from '../support/mortal.ts';
import { ENGINES } from '../support/service.ts';

const CHIEF: Grant = { role: 'chief', edition: '*' };
const EDITOR: Grant = { role: 'editor', edition: 'en' };

/** What is there before, what is done by a process that dies, and what must be able to go on afterwards. */
interface Scene {
  prepare(desk: TestStore): Promise<Setting>;
  act(desk: Desk, setting: Setting): Promise<unknown>;
  /** Done by another process, whatever the first one got to. */
  after(desk: Desk, setting: Setting): Promise<unknown>;
}

interface Setting {
  chief?: Person;
  ann?: Person;
  token?: string;
  code?: () => string;
}

async function newsroom(desk: TestStore): Promise<Required<Pick<Setting, 'chief' | 'ann'>>> {
  const chief = await firstChief(desk);
  return { chief, ann: await invited(desk, chief, 'Ann', [EDITOR]) };
}

const chiefOf = ({ chief }: Setting) => chief ?? expect.fail('there is no chief');
const annOf = ({ ann }: Setting) => ann ?? expect.fail('there is no Ann');

/** Who has a link that was not used up comes in by it; else the account is there, and its way in as well. */
async function comesIn(desk: Desk, token: string | undefined, name: string): Promise<void> {
  const open = await desk.links.look(token).catch(() => undefined);
  if (open) await join(desk, token ?? '', open.name === undefined ? name : undefined);
  else expect((await desk.staff.list()).map((info) => info.name)).toContain(name);
}

const SCENES: Record<string, Scene> = {
  'the first chief comes': {
    prepare: async (desk) => ({ token: (await desk.links.first()) ?? '' }),
    act: (desk, { token }) => join(desk, token ?? '', 'Olena'),
    after: (desk, { token }) => comesIn(desk, token, 'Olena'),
  },
  'the first link is made': {
    prepare: async () => ({}),
    act: (desk) => desk.links.first(),
    after: (desk) => firstChief(desk),
  },
  'somebody is invited': {
    prepare: newsroom,
    act: (desk, setting) => desk.links.invite(chiefOf(setting).caller, { name: 'Ben', grants: [EDITOR] }),
    after: (desk, setting) => invited(desk, chiefOf(setting), 'Ben', [EDITOR]),
  },
  'a second chief comes by an invitation': {
    prepare: async (desk) => {
      const chief = await firstChief(desk);
      return { chief, token: (await desk.links.invite(chief.caller, { name: 'Ben', grants: [CHIEF] })).token };
    },
    act: (desk, { token }) => join(desk, token ?? ''),
    after: (desk, { token }) => comesIn(desk, token, 'Ben'),
  },
  'the last chief is recovered': {
    prepare: async (desk) => {
      const chief = await firstChief(desk);
      return { chief, token: (await desk.links.recover(chief.caller, chief.id)).token };
    },
    act: (desk, { token }) => join(desk, token ?? ''),
    after: async (desk, setting) => {
      const open = await desk.links.look(setting.token).catch(() => undefined);
      const { generation = 0 } = (await readAll(desk.records, 'staff', Account.parse))[0]?.value ?? {};
      expect(generation).toBe(open ? 1 : 2);
      if (open) await byPasskey(desk, chiefOf(setting));
      await comesIn(desk, setting.token, 'Olena');
    },
  },
  'somebody signs in by passkey': {
    prepare: newsroom,
    act: (desk, setting) => byPasskey(desk, annOf(setting)),
    after: (desk, setting) => byPasskey(desk, annOf(setting)),
  },
  'somebody signs in by password': {
    prepare: async (desk) => {
      const setting = await newsroom(desk);
      const app = await givePassword(desk, setting.ann);
      desk.clock.advance(30_000);
      return { ...setting, code: () => app.codeAt() };
    },
    act: (desk, { code }) => byPassword(desk, code),
    after: (desk, { code }) => {
      desk.clock.advance(30_000);
      return byPassword(desk, code);
    },
  },
  'a password is set': {
    prepare: newsroom,
    act: (desk, setting) => givePassword(desk, annOf(setting)),
    after: (desk, setting) => givePassword(desk, annOf(setting)),
  },
  'a chief is disabled': {
    prepare: async (desk) => {
      const chief = await firstChief(desk);
      return { chief, ann: await invited(desk, chief, 'Ann', [CHIEF]) };
    },
    act: (desk, setting) => desk.staff.disable(chiefOf(setting).caller, annOf(setting).id),
    after: (desk, setting) => desk.staff.disable(chiefOf(setting).caller, annOf(setting).id),
  },
  'somebody is made a chief, and the other one less': {
    prepare: newsroom,
    act: async (desk, setting) => {
      const [chief, ann] = [chiefOf(setting), annOf(setting)];
      await desk.staff.grant(chief.caller, ann.id, { grants: [CHIEF] });
      await desk.staff.grant(chief.caller, chief.id, { grants: [EDITOR] });
    },
    after: async (desk, setting) => expect((await desk.staff.list()).some(isChief), JSON.stringify(setting)).toBe(true),
  },
  'somebody is called something else': {
    prepare: newsroom,
    act: (desk, setting) => desk.staff.rename(annOf(setting).caller, { name: 'Anna' }),
    after: (desk, setting) => desk.staff.rename(annOf(setting).caller, { name: 'Anna' }),
  },
};

function byPassword(desk: Desk, code: (() => string) | undefined) {
  return desk.signIn.byPassword({ name: 'Ann', password: PASSWORD, code: code?.() }, FROM);
}

const isChief = ({ grants, disabledAt }: Pick<Account, 'grants' | 'disabledAt'>) =>
  disabledAt === undefined && grants.some(({ role, edition }) => role === 'chief' && edition === '*');

async function readAll<T>(records: Records, kind: string, parse: (value: unknown) => T) {
  return (await records.list(kind)).map(({ id, value }) => ({ id, value: parse(value) }));
}

/** Nothing half: each account has its name, a way in, its row in the audit and its place among the chiefs. */
async function expectWhole({ records }: Desk, since: number): Promise<void> {
  const accounts = await readAll(records, 'staff', Account.parse);
  const names = (await records.list('staff-name')).map(({ id, value }) => [id, value]);
  expect(names.sort()).toEqual(accounts.map(({ id, value }) => [nameKey(value.name), id]).sort());
  for (const { value } of accounts)
    expect(value.passkeys.length > 0 || (value.password !== undefined && value.totp !== undefined)).toBe(true);
  const chiefs = accounts.filter(({ value }) => isChief(value)).map(({ id }) => id);
  const stored = (await records.get('office', 'chiefs'))?.value as string[] | undefined;
  expect(stored?.toSorted()).toEqual(accounts.length === 0 ? undefined : chiefs.toSorted());
  expect(accounts.length === 0 || chiefs.length > 0).toBe(true);
  const joined = (await records.acts(1_000)).filter(({ action, seq }) => action === 'joined' && seq > since);
  expect(joined.map(({ subject }) => subject).sort()).toEqual(accounts.map(({ id }) => `staff:${id}`).sort());
}

const KINDS = ['staff', 'staff-name', 'staff-sso', 'link', 'ceremony', 'office', 'attempts'];

/** To begin anew costs much less than to open another store. */
async function clear({ records }: Desk): Promise<void> {
  for (const kind of KINDS) for (const { id } of await records.list(kind)) await records.take(kind, id);
}

const CASES = ENGINES.flatMap((engine) => Object.entries(SCENES).map(([name, scene]) => ({ engine, name, scene })));

it.each(CASES)(
  'is whole wherever the process dies while $name ($engine)',
  async ({ engine, scene }) => {
    const store = await openDesk(engine);
    let deaths = 0;
    try {
      for (const when of ['before', 'after'] as const)
        for (let at = 0; await dies(store, scene, at, when); at++) deaths++;
    } finally {
      await store.close();
    }
    expect(deaths).toBeGreaterThan(1);
  },
  60_000,
);

/** Whether the process died at all: else it has fewer writes. */
async function dies(store: TestStore, scene: Scene, at: number, when: 'before' | 'after'): Promise<boolean> {
  await clear(store);
  const [{ seq } = { seq: 0 }] = await store.records.acts(1);
  const setting = await scene.prepare(store);
  const dying = deskOn(mortal(store.records, at, when), store.clock);
  const died = await scene.act(dying, setting).then(
    () => false,
    (error) => {
      if (!(error instanceof Died)) throw error;
      return true;
    },
  );
  await expectWhole(store, seq);
  await scene.after(store, setting);
  await expectWhole(store, seq);
  return died;
}
