import type { OfficeAct } from '../records.ts';
import type { Grant } from '../roles.ts';

/** What is done to accounts and their links, as the audit names it. */
export type StaffAction =
  | 'first-link-made'
  | 'invited'
  | 'recovery-started'
  | 'link-revoked'
  | 'joined'
  | 'recovered'
  | 'signed-in'
  | 'locked-out'
  | 'granted'
  | 'disabled'
  | 'enabled'
  | 'sessions-ended'
  | 'renamed'
  | 'passkey-added'
  | 'passkey-renamed'
  | 'passkey-removed'
  | 'password-set'
  | 'password-removed'
  | 'sso-bound'
  | 'sso-removed';

/** Names may have to be forgotten and acts never are, so they hold ids alone. */
export const staffRef = (id: string) => `staff:${id}`;
export const linkRef = (id: string) => `link:${id}`;

/** @param editions those that it concerns: of the grants that it is about */
export function officeAct(
  by: { actor: string; from: string },
  action: StaffAction,
  subject: string,
  grants: readonly Grant[],
  why?: string,
): OfficeAct {
  const editions = [...new Set(grants.map(({ edition }) => edition))];
  return { actor: by.actor, from: by.from, action, subject, editions, ...(why !== undefined && { why }) };
}
