import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { SignedIn } from '../desk/account.ts';
import type { OpenLink } from '../desk/link.ts';
import type { Links } from '../desk/links.ts';
import type { NewMethod } from '../desk/method.ts';
import { invalidFields, Problem, valid } from '../errors.ts';
import type { Grounds } from './ceremony.ts';
import { MadePassword, newPassword } from './new-password.ts';
import { MadePasskey, type Passkeys } from './passkey.ts';
import type { Passwords } from './password.ts';
import { noSso, type Sso, type SsoProof } from './sso.ts';
import type { Totps } from './totp.ts';

// The token is looked at by itself, and the name by what the link is for.
const given = { token: z.unknown().optional(), name: z.unknown().optional() };
const Begin = z.strictObject(given);
const Accept = z.strictObject({ ...given, passkey: MadePasskey.optional(), password: MadePassword.optional() });

interface JoiningParts {
  links: Links;
  passkeys: Passkeys;
  passwords: Passwords;
  totps: Totps;
  sso: Sso | undefined;
  clock: Clock;
}

/** How somebody with a one-time link gets their first way to sign in. Nothing but the last step uses the link up. */
export class Joining {
  readonly #parts: JoiningParts;

  constructor(parts: JoiningParts) {
    this.#parts = parts;
  }

  /** @param body `{token, name?}` @throws Problem `link-over`, `invalid`, `name-taken`, `passkeys-off` */
  async passkeyOptions(body: unknown, home: string): ReturnType<Passkeys['newOptions']> {
    const { link, name } = await this.#begin(valid(Begin, body));
    // Of somebody who comes back, no passkey is kept: the device may make one in place of the old.
    return this.#parts.passkeys.newOptions({ staff: link.staff, name, passkeys: [] }, groundsOf(link), home);
  }

  /** @param body `{token, name?}` @throws Problem `link-over`, `invalid`, `name-taken` */
  async passwordOptions(body: unknown): ReturnType<Totps['newOptions']> {
    const { link, name } = await this.#begin(valid(Begin, body));
    return this.#parts.totps.newOptions(name, groundsOf(link));
  }

  /**
   * @param body `{token, name?}` with `passkey: {ceremony, response, label?}` or `password: {ceremony, password, code}`
   * @throws Problem `link-over`, `invalid`, `name-taken`, `wrong-proof`, `too-many`
   */
  async accept(body: unknown, from: string): Promise<SignedIn> {
    const { passkey, password, ...given } = valid(Accept, body);
    const { link, name } = await this.#begin(given);
    const method = await this.#method(link, name, passkey, password);
    return this.#parts.links.accept(given.token, nameIn(given), method, from);
  }

  /** Where the provider of single sign-on has people prove who they are. As `Sso.begin`. @param body `{token, name?}` */
  async beginSso(body: unknown, home: string): Promise<{ ceremony: string; location: string }> {
    const { link, name } = await this.#begin(valid(Begin, body));
    if (!this.#parts.sso) throw noSso();
    return this.#parts.sso.begin(home, { for: 'link', id: link.id, ...(!link.recovered && { name }) });
  }

  /** @param proof of `Sso.finish`, of which the purpose is `link` */
  async bySso({ issuer, subject, purpose }: SsoProof, from: string): Promise<SignedIn> {
    if (purpose.for !== 'link') throw new Problem('wrong-proof', 'This was begun for something else. Start again.');
    return this.#parts.links.acceptById(purpose.id, nameIn(purpose), { sso: { issuer, subject } }, from);
  }

  async #begin(given: { token?: unknown; name?: unknown }): Promise<{ link: OpenLink; name: string }> {
    const link = await this.#parts.links.open(given.token);
    return { link, name: await this.#parts.links.nameFor(link, nameIn(given)) };
  }

  async #method(
    link: OpenLink,
    name: string,
    passkey: z.infer<typeof MadePasskey> | undefined,
    password: z.infer<typeof MadePassword> | undefined,
  ): Promise<NewMethod> {
    const { passkeys, passwords, totps, clock } = this.#parts;
    if (passkey && !password) return { passkey: await passkeys.made(passkey, groundsOf(link), clock.now()) };
    if (!password || passkey)
      throw invalidFields([{ field: 'body', message: 'must hold either a passkey or a password' }]);
    return newPassword({ passwords, totps }, password, name, groundsOf(link));
  }
}

function groundsOf({ id }: OpenLink): Grounds {
  return { for: 'link', id };
}

function nameIn({ name }: { name?: unknown }): { name?: unknown } {
  return name === undefined ? {} : { name };
}
