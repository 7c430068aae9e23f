import { TOTP } from 'otpauth';
import { readSettings } from '../../server/config.ts';
import { Links } from '../../server/desk/links.ts';
import { Staff } from '../../server/desk/staff.ts';
import { createLog } from '../../server/log.ts';
import type { Caller } from '../../server/newsroom.ts';
import { openOffice } from '../../server/office.ts';
import type { Records } from '../../server/records.ts';
import type { Grant } from '../../server/roles.ts';
import { type AttemptLimits, Attempts } from '../../server/sign-in/attempts.ts';
import { Ceremonies } from '../../server/sign-in/ceremony.ts';
import { Joining } from '../../server/sign-in/joining.ts';
import { Methods } from '../../server/sign-in/methods.ts';
import { Passkeys } from '../../server/sign-in/passkey.ts';
import { Passwords, type Strength } from '../../server/sign-in/password.ts';
import { SignIn } from '../../server/sign-in/sign-in.ts';
import { Sso, type SsoSettings } from '../../server/sign-in/sso.ts';
import { Totps } from '../../server/sign-in/totp.ts';
import type { Turnstile } from '../../server/sign-in/turnstile.ts';
import { Authenticator } from './authenticator.ts';
import { ManualClock } from './clock.ts';
import { type EngineName, newStore } from './service.ts';

export const HOME = 'http://localhost:8080';
export const FROM = '203.0.113.7';
export const PASSWORD = 'correct horse battery';
/** The same work in a hundredth of the time: what is tested here is what is done with it. */
const WEAK: Strength = { memory: 64, passes: 1, parallelism: 1 };

export interface DeskOptions {
  limits?: AttemptLimits;
  strength?: Strength;
  turnstile?: Turnstile;
  sso?: SsoSettings;
}

/** Everything about who may come in, on one node. */
export interface Desk {
  records: Records;
  staff: Staff;
  links: Links;
  passkeys: Passkeys;
  signIn: SignIn;
  joining: Joining;
  methods: Methods;
  sso: Sso | undefined;
  clock: ManualClock;
}

export function deskOn(
  records: Records,
  clock: ManualClock,
  { limits, strength = WEAK, turnstile, sso: settings }: DeskOptions = {},
): Desk {
  const editions = new Set(['uk', 'ru', 'en']);
  const ceremonies = new Ceremonies(records);
  const named = { ceremonies, newsroom: 'Live' };
  const passkeys = new Passkeys({ ...named, publicUrl: undefined });
  const passwords = new Passwords(strength, turnstile);
  const totps = new Totps({ ...named, clock });
  const links = new Links({ records, editions, clock });
  const sso = settings && new Sso({ ...settings, ceremonies, clock, log: createLog('silent') });
  const proofs = { passkeys, passwords, totps, sso, clock, records };
  return {
    records,
    staff: new Staff({ records, editions, clock }),
    links,
    passkeys,
    sso,
    clock,
    signIn: new SignIn({ ...proofs, attempts: new Attempts(records, clock, limits) }),
    joining: new Joining({ ...proofs, links }),
    methods: new Methods(proofs),
  };
}

export interface TestStore extends Desk {
  env: Record<string, string>;
  /** The same store on another node. */
  another(): Promise<Desk>;
  close(): Promise<void>;
}

/** A store of its own, with a desk on it. */
export async function openDesk(engine: EngineName, options: DeskOptions = {}): Promise<TestStore> {
  const { env, remove } = await newStore(engine);
  const clock = new ManualClock(Date.now());
  const offices: { engine: { close(): Promise<void> } }[] = [];
  const node = async () => {
    const office = await openOffice(readSettings(env), clock);
    offices.push(office);
    return deskOn(office.engine.records, clock, options);
  };
  return {
    ...(await node()),
    env,
    another: node,
    close: async () => {
      await Promise.all(offices.map((office) => office.engine.close()));
      await remove();
    },
  };
}

export interface Person {
  id: string;
  name: string;
  caller: Caller;
  passkey: Authenticator;
}

/** Somebody who came in by a link, with a passkey. */
export async function join(desk: Desk, token: string, name?: string): Promise<Person> {
  const passkey = new Authenticator();
  const body = { token, ...(name !== undefined && { name }) };
  const { ceremony, options } = await desk.joining.passkeyOptions(body, HOME);
  const signedIn = await desk.joining.accept(
    { ...body, passkey: { ceremony, response: passkey.create(options) } },
    FROM,
  );
  return { id: signedIn.staff, name: signedIn.name, passkey, caller: await callerFor(desk, signedIn) };
}

async function callerFor({ staff }: Desk, { staff: id, generation }: { staff: string; generation: number }) {
  const actor = await staff.actor(id, generation);
  if (!actor) throw new Error('not signed in');
  return { actor, from: FROM };
}

export async function firstChief(desk: Desk, name = 'Olena'): Promise<Person> {
  return join(desk, (await desk.links.first()) ?? '', name);
}

export async function invited(desk: Desk, by: Person, name: string, grants: Grant[]): Promise<Person> {
  return join(desk, (await desk.links.invite(by.caller, { name, grants })).token);
}

/** A password and TOTP for somebody who is signed in. Resolves with what their app shows at a time. */
export async function givePassword(desk: Desk, { caller }: Person, password = PASSWORD) {
  const { ceremony, secret } = await desk.methods.passwordOptions(caller);
  const app = new TOTP({ secret });
  const codeAt = (at = desk.clock.now()) => app.generate({ timestamp: at });
  await desk.methods.setPassword(caller, { ceremony, password, code: codeAt() });
  return { secret, codeAt };
}

export async function byPasskey(desk: Desk, { passkey }: Pick<Person, 'passkey'>, habits = {}) {
  const { ceremony, options } = await desk.signIn.passkeyOptions(HOME, FROM);
  return desk.signIn.byPasskey({ ceremony, response: passkey.get(options, habits) }, FROM);
}
