import * as z from 'zod';
import type { Clock } from '../clock.ts';
import {
  type Account,
  readAccount,
  type SignedIn,
  STAFF,
  STAFF_NAME,
  STAFF_SSO,
  type StoredPassword,
} from '../desk/account.ts';
import { officeAct, staffRef } from '../desk/acts.ts';
import { ssoKey } from '../desk/method.ts';
import { nameKey } from '../desk/names.ts';
import { Problem, valid } from '../errors.ts';
import type { Records } from '../records.ts';
import type { Attempts } from './attempts.ts';
import type { Passkeys } from './passkey.ts';
import type { Passwords } from './password.ts';
import { noSso, type Sso, type SsoProof } from './sso.ts';
import { Code, type Totps } from './totp.ts';

const ByPasskey = z.strictObject({ ceremony: z.string(), response: z.unknown() });
const ByPassword = z.strictObject({
  name: z.string().max(400),
  // Longer than any that is allowed: wrong, and not worth the work.
  password: z.string().max(1_000),
  code: Code,
});
/** No account has this id. It is read in place of one that is not there, so that looking takes as long. */
const NOBODY = 'nobody';

const WRONG = {
  passkey: 'The passkey was not accepted. Try again, or use another way to sign in.',
  password: 'The name, the password or the code is wrong, or the code was used already.',
  sso: 'The single sign-on was not confirmed. Start again, or use another way to sign in.',
};

interface SignInParts {
  records: Records;
  clock: Clock;
  passkeys: Passkeys;
  passwords: Passwords;
  totps: Totps;
  attempts: Attempts;
  sso: Sso | undefined;
}

/** Lets people in who prove who they are. Each time is one step with its row in the audit. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** @throws Problem `passkeys-off`, `too-many` */
  async passkeyOptions(home: string, from: string): ReturnType<Passkeys['options']> {
    await this.#parts.attempts.ask(from);
    return this.#parts.passkeys.options(home);
  }

  /** @param body `{ceremony, response}` @throws Problem `invalid`, `wrong-proof` */
  async byPasskey(body: unknown, from: string): Promise<SignedIn> {
    const { passkeys } = this.#parts;
    const { ceremony, response } = valid(ByPasskey, body);
    const { begun, given, staff } = await passkeys.answered(ceremony, response);
    return this.#enter(staff, from, 'passkey', async (account, at) => {
      const passkey = account?.passkeys.find(({ id }) => id === given.id);
      // Read and checked anew with each try, so that of an original and its copy only one gets on.
      const counter = await passkeys.proven(begun, given, passkey);
      if (!account || !passkey) return undefined;
      const used = { ...passkey, counter, lastUsedAt: at };
      return { ...account, passkeys: account.passkeys.map((one) => (one === passkey ? used : one)) };
    });
  }

  /**
   * A wrong name, a wrong password and a wrong code look alike, and take as long.
   *
   * @param body `{name, password, code}`
   * @throws Problem `invalid`, `wrong-proof`, `too-many`
   */
  async byPassword(body: unknown, from: string): Promise<SignedIn> {
    const { records, attempts, totps } = this.#parts;
    const { name, password, code } = valid(ByPassword, body);
    const attempt = await attempts.begin(name, from, (what) => this.#lockedOut(what, name, from));
    const id = await this.#idOf(name);
    const { account } = (await readAccount(records, id)) ?? {};
    const checked = account?.password;
    const { right, renewed } = await this.#weigh(password, checked).catch(async (error) => {
      await attempt.void();
      throw error;
    });
    const signedIn = await this.#enter(id, from, 'password', async (now) => {
      const step = now?.totp && totps.step(now.totp, code);
      const same = JSON.stringify(now?.password) === JSON.stringify(checked);
      if (!right || !same || !now?.totp || step === undefined) return undefined;
      return { ...now, password: renewed, totp: { ...now.totp, lastStep: step } };
    });
    await attempt.right();
    return signedIn;
  }

  /**
   * As `Sso.begin`.
   *
   * @param next where in our pages they wanted to go
   * @param again asks somebody who is signed in to prove themselves anew
   * @throws Problem `not-found` where there is none, `too-many`, `sso-unavailable`
   */
  async beginSso(
    home: string,
    from: string,
    { next, again = false }: { next?: string; again?: boolean } = {},
  ): ReturnType<Sso['begin']> {
    const { sso, attempts } = this.#parts;
    if (!sso) throw noSso();
    await attempts.ask(from);
    return sso.begin(home, { for: 'sign-in', ...(next !== undefined && { next }) }, { again });
  }

  /** @param proof of `Sso.finish`, of which the purpose is `sign-in` @throws Problem `forbidden` for who was not invited */
  async bySso(proof: SsoProof, from: string): Promise<SignedIn> {
    if (proof.purpose.for !== 'sign-in') throw wrong('sso');
    const stored = await this.#parts.records.get(STAFF_SSO, ssoKey(proof));
    if (!stored)
      throw new Problem(
        'forbidden',
        'Nobody here signs in with this account of the provider. Ask a chief to invite you.',
      );
    const signedIn = await this.#enter(z.string().parse(stored.value), from, 'sso', async (account) => account);
    return { ...signedIn, provenAt: proof.provenAt };
  }

  /**
   * @param prove what the account is once its person has proven themselves, or undefined. It is asked again on the
   *   account as it is then when somebody else was faster, so that nothing that may be used once is used twice.
   * @throws Problem `wrong-proof`
   */
  async #enter(
    id: string,
    from: string,
    way: keyof typeof WRONG,
    prove: (account: Account | undefined, at: string) => Promise<Account | undefined>,
  ): Promise<SignedIn> {
    const { records, clock } = this.#parts;
    const now = clock.now();
    const at = new Date(now).toISOString();
    const stored = await readAccount(records, id);
    const proven = await prove(stored?.account, at);
    if (!stored || !proven || proven.disabledAt !== undefined) throw wrong(way);
    const act = officeAct({ actor: staffRef(id), from }, 'signed-in', staffRef(id), proven.grants, way);
    const write = { kind: STAFF, id, expects: stored.version, value: { ...proven, lastSeenAt: at } };
    if (!(await records.change([write], act))) return this.#enter(id, from, way, prove);
    return { staff: id, generation: proven.generation, name: proven.name, provenAt: now };
  }

  /** Whether it is right, and its hash: a new one where the old one was made with less than is asked for today. */
  async #weigh(password: string, stored: StoredPassword | undefined) {
    const { passwords } = this.#parts;
    const right = await passwords.verify(password, stored);
    const renew = right && stored !== undefined && passwords.isOld(stored);
    return { right, renewed: renew ? await passwords.hash(password) : stored };
  }

  async #idOf(name: string): Promise<string> {
    const stored = await this.#parts.records.get(STAFF_NAME, nameKey(name));
    return stored ? z.string().parse(stored.value) : NOBODY;
  }

  /** For names that nobody has as well: else the time it takes would tell which there are. */
  async #lockedOut(what: 'name' | 'all', name: string, from: string): Promise<void> {
    const subject = what === 'name' ? staffRef(await this.#idOf(name)) : 'all';
    const act = officeAct({ actor: 'motograph', from }, 'locked-out', subject, [], 'password');
    await this.#parts.records.change([], act);
  }
}

function wrong(way: keyof typeof WRONG): Problem {
  return new Problem('wrong-proof', WRONG[way]);
}
