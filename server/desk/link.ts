import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Problem } from '../errors.ts';
import type { Records } from '../records.ts';
import { type Grant, may } from '../roles.ts';
import { type Account, readAccount, StoredGrants } from './account.ts';
import { hasChief } from './chiefs.ts';

export const LINK = 'link';
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const StoredLink = z.object({
  for: z.enum(['first', 'invitation', 'recovery']),
  /** Whose account it makes or recovers. It is known from the start, so that a passkey can be made for it. */
  staff: z.string(),
  name: z.string().optional(),
  grants: StoredGrants,
  by: z.string(),
  createdAt: z.string(),
  endsAt: z.string(),
});
export type StoredLink = z.infer<typeof StoredLink>;

/** A link that can be used now, and the account that it recovers. */
export interface OpenLink {
  id: string;
  version: number;
  for: StoredLink['for'];
  staff: string;
  name: string | undefined;
  grants: Grant[];
  /** As the audit calls who made it. */
  by: string;
  recovered: { version: number; account: Account } | undefined;
}

/** The store knows a token by its digest alone, so a copy of the store opens no door. @throws Problem `link-over` */
export function idOf(token: unknown): string {
  if (typeof token !== 'string' || !TOKEN.test(token)) throw over();
  return createHash('sha256').update(token).digest('hex');
}

/** @throws Problem `link-over`: used, ended, taken back and unknown look alike */
export async function openLink(records: Records, id: string, now: number): Promise<OpenLink> {
  const stored = await records.get(LINK, id);
  const open = stored && (await whileOpen(records, StoredLink.parse(stored.value), now));
  if (!stored || !open) throw over();
  return { id, version: stored.version, ...open };
}

/** What a link does, or undefined once it is over: its time is up, or who made it could not make it any more. */
export async function whileOpen(
  records: Records,
  link: StoredLink,
  now: number,
): Promise<Omit<OpenLink, 'id' | 'version'> | undefined> {
  if (Date.parse(link.endsAt) <= now) return undefined;
  if (link.for === 'first' && (await hasChief(records))) return undefined;
  const recovered = link.for === 'recovery' ? await readAccount(records, link.staff) : undefined;
  if (link.for === 'recovery' && (!recovered || recovered.account.disabledAt !== undefined)) return undefined;
  // Those of today: somebody who has risen since is out of reach of who could recover them then.
  const { name, grants } = recovered?.account ?? link;
  if (!(await stillMay(records, link.by, grants))) return undefined;
  return { for: link.for, staff: link.staff, name, grants, by: link.by, recovered };
}

/** Whether the person who made a link could make it today. Programs and the command line always can. */
async function stillMay(records: Records, by: string, grants: readonly Grant[]): Promise<boolean> {
  const staff = staffIn(by);
  if (staff === undefined) return true;
  const { account } = (await readAccount(records, staff)) ?? {};
  if (!account || account.disabledAt !== undefined) return false;
  const actor = { id: by, grants: account.grants };
  return may(actor, 'staff') && grants.every(({ edition }) => may(actor, 'staff', edition));
}

/** The person's id, unless it was a program or the command line. */
export function staffIn(by: string): string | undefined {
  return /^staff:(.+)$/.exec(by)?.[1];
}

function over(): Problem {
  return new Problem('link-over', 'The link was used, was taken back, or is older than 24 hours. Ask for a new one.');
}
