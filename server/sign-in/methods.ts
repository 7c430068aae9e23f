import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type Account, infoOf, readAccount, STAFF, type StaffInfo } from '../desk/account.ts';
import { officeAct, type StaffAction, staffRef } from '../desk/acts.ts';
import { ssoWrites } from '../desk/method.ts';
import { Label } from '../desk/names.ts';
import { staffOf } from '../desk/staff.ts';
import { Problem, valid } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import type { Records } from '../records.ts';
import type { Grounds } from './ceremony.ts';
import { MadePassword, newPassword } from './new-password.ts';
import { MadePasskey, type Passkeys } from './passkey.ts';
import type { Passwords } from './password.ts';
import { noSso, type Sso, type SsoProof } from './sso.ts';
import type { Totps } from './totp.ts';

const MOST_PASSKEYS = 20;
const Renaming = z.strictObject({ label: Label });

interface MethodsParts {
  records: Records;
  clock: Clock;
  passkeys: Passkeys;
  passwords: Passwords;
  totps: Totps;
  sso: Sso | undefined;
}

/**
 * The ways in which somebody who is signed in can sign in. Each change is one step with its row in the audit, and none
 * takes the last way away.
 */
export class Methods {
  readonly #parts: MethodsParts;

  constructor(parts: MethodsParts) {
    this.#parts = parts;
  }

  /** @throws Problem `passkeys-off` */
  async passkeyOptions(caller: Caller, home: string): ReturnType<Passkeys['newOptions']> {
    const { id, account } = await this.#own(caller);
    return this.#parts.passkeys.newOptions({ staff: id, ...account }, groundsOf(id), home);
  }

  /** @param body `{ceremony, response, label?}` @throws Problem `invalid`, `wrong-proof` */
  async addPasskey(caller: Caller, body: unknown): Promise<StaffInfo> {
    const made = valid(MadePasskey, body);
    const passkey = await this.#parts.passkeys.made(made, groundsOf(staffOf(caller)), this.#parts.clock.now());
    return this.#change(caller, 'passkey-added', (account) => {
      if (account.passkeys.some(({ id }) => id === passkey.id))
        throw new Problem('wrong-proof', 'This passkey is among yours already.');
      if (account.passkeys.length >= MOST_PASSKEYS)
        throw new Problem('forbidden', `There are ${MOST_PASSKEYS} passkeys already. Remove one that you do not use.`);
      return { ...account, passkeys: [...account.passkeys, passkey] };
    });
  }

  /** @param body `{label}` */
  async renamePasskey(caller: Caller, passkeyId: string, body: unknown): Promise<StaffInfo> {
    const { label: name } = valid(Renaming, body);
    return this.#change(caller, 'passkey-renamed', (account) => {
      const passkey = ownPasskey(account, passkeyId);
      return { ...account, passkeys: account.passkeys.map((one) => (one === passkey ? { ...one, name } : one)) };
    });
  }

  async removePasskey(caller: Caller, passkeyId: string): Promise<StaffInfo> {
    return this.#change(caller, 'passkey-removed', (account) => {
      const passkey = ownPasskey(account, passkeyId);
      return { ...account, passkeys: account.passkeys.filter((one) => one !== passkey) };
    });
  }

  async passwordOptions(caller: Caller): ReturnType<Totps['newOptions']> {
    const { id, account } = await this.#own(caller);
    return this.#parts.totps.newOptions(account.name, groundsOf(id));
  }

  /** In place of the one before. @param body `{ceremony, password, code}` @throws Problem `invalid`, `wrong-proof` */
  async setPassword(caller: Caller, body: unknown): Promise<StaffInfo> {
    const made = valid(MadePassword, body);
    const { id, account } = await this.#own(caller);
    const method = await newPassword(this.#parts, made, account.name, groundsOf(id));
    return this.#change(caller, 'password-set', (now) => ({ ...now, ...method }));
  }

  async removePassword(caller: Caller): Promise<StaffInfo> {
    return this.#change(caller, 'password-removed', ({ password, totp: _, ...account }) => {
      if (!password) throw new Problem('not-found', 'You have no password.');
      return account;
    });
  }

  /** As `Sso.begin`. */
  async beginSso(caller: Caller, home: string): Promise<{ ceremony: string; location: string }> {
    const { id } = await this.#own(caller);
    if (!this.#parts.sso) throw noSso();
    return this.#parts.sso.begin(home, { for: 'staff', id });
  }

  /**
   * @param proof of `Sso.finish`, of which the purpose is `staff`
   * @throws Problem `forbidden` when it is somebody else's
   */
  async bindSso(caller: Caller, { issuer, subject, purpose }: SsoProof): Promise<StaffInfo> {
    if (purpose.for !== 'staff' || purpose.id !== staffOf(caller))
      throw new Problem('wrong-proof', 'This was begun for something else. Start again.');
    return this.#change(caller, 'sso-bound', (account) => ({ ...account, sso: { issuer, subject } }));
  }

  async removeSso(caller: Caller): Promise<StaffInfo> {
    return this.#change(caller, 'sso-removed', ({ sso, ...account }) => {
      if (!sso) throw new Problem('not-found', 'No single sign-on is bound to your account.');
      return account;
    });
  }

  async #own(caller: Caller): Promise<{ id: string; version: number; account: Account }> {
    const id = staffOf(caller);
    const stored = await readAccount(this.#parts.records, id);
    // A session is looked at before each request; this is for what happened since.
    if (!stored || stored.account.disabledAt !== undefined)
      throw new Problem('forbidden', 'Your account cannot be used any more.');
    return { id, ...stored };
  }

  /** Makes the change on the account as it is; when somebody else was faster, on what it is then. */
  async #change(caller: Caller, action: StaffAction, make: (account: Account) => Account): Promise<StaffInfo> {
    const { records } = this.#parts;
    const { id, version, account } = await this.#own(caller);
    const changed = make(account);
    if (changed.passkeys.length === 0 && !changed.password && !changed.sso)
      throw new Problem('last-method', 'This is your only way to sign in. Add another one first.');
    const done = await records.change(
      [
        { kind: STAFF, id, expects: version, value: changed },
        ...(await ssoWrites(records, id, account.sso, changed.sso)),
      ],
      officeAct({ actor: caller.actor.id, from: caller.from }, action, staffRef(id), account.grants),
    );
    return done ? infoOf(id, changed) : this.#change(caller, action, make);
  }
}

function groundsOf(id: string): Grounds {
  return { for: 'staff', id };
}

/** @throws Problem `not-found` */
function ownPasskey({ passkeys }: Account, id: string) {
  const passkey = passkeys.find((one) => one.id === id);
  if (!passkey) throw new Problem('not-found', 'You have no such passkey.');
  return passkey;
}
