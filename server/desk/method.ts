import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';
import type { Records, Write } from '../records.ts';
import { type Account, STAFF_SSO, type StoredPasskey, type StoredPassword, type StoredTotp } from './account.ts';

/** A way to sign in that was just proven to work. */
export type NewMethod =
  | { passkey: StoredPasskey }
  | { password: StoredPassword; totp: StoredTotp }
  | { sso: { issuer: string; subject: string } };

/** The account with this way in, and with no other. */
export function withOnly(method: NewMethod, account: Account): Account {
  const { password: _password, totp: _totp, sso: _sso, ...rest } = account;
  const bare: Account = { ...rest, passkeys: [] };
  if ('passkey' in method) return { ...bare, passkeys: [method.passkey] };
  return { ...bare, ...method };
}

/** Where the staff of a single sign-on is found: an address or a name of the provider's may move to somebody else, this pair never. */
export function ssoKey({ issuer, subject }: { issuer: string; subject: string }): string {
  return createHash('sha256').update(`${issuer} ${subject}`).digest('hex');
}

/**
 * What has to be part of the change that leaves an account with another single sign-on, or with none.
 * @throws Problem `forbidden` when it is somebody else's
 */
export async function ssoWrites(
  records: Records,
  staff: string,
  before: Account['sso'],
  after: Account['sso'],
): Promise<Write[]> {
  const [from, to] = [before && ssoKey(before), after && ssoKey(after)];
  if (from === to) return [];
  const writes: Write[] = [];
  if (from !== undefined) {
    const held = await records.get(STAFF_SSO, from);
    writes.push({ kind: STAFF_SSO, id: from, expects: held?.version ?? 0 });
  }
  if (to !== undefined) {
    if (await records.get(STAFF_SSO, to))
      throw new Problem('forbidden', 'With this account of the provider somebody else signs in here already.');
    writes.push({ kind: STAFF_SSO, id: to, expects: 0, value: staff });
  }
  return writes;
}
