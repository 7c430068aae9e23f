import * as z from 'zod';
import type { Records } from '../records.ts';
import { ROLES } from '../roles.ts';

/** The public half of a passkey. Its secret half never leaves the person's device. */
export const StoredPasskey = z.object({
  /** The credential's id, in base64url. */
  id: z.string(),
  /** COSE, in base64url. */
  publicKey: z.string(),
  /** How often it was used, where its device counts: one that goes back belongs to a copy. */
  counter: z.number(),
  transports: z.array(z.string()),
  name: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().optional(),
});
export type StoredPasskey = z.infer<typeof StoredPasskey>;

/** An argon2id hash with what it was made with, so that stronger parameters can come later. `salt` and `tag` in base64url. */
export const StoredPassword = z.object({
  memory: z.number(),
  passes: z.number(),
  parallelism: z.number(),
  salt: z.string(),
  tag: z.string(),
});
export type StoredPassword = z.infer<typeof StoredPassword>;

/** `lastStep` is the time step of the newest code that was used: none of it or of an earlier one is taken again. */
export const StoredTotp = z.object({ secret: z.string(), lastStep: z.number() });
export type StoredTotp = z.infer<typeof StoredTotp>;

export const StoredGrants = z.array(z.object({ role: z.enum(ROLES), edition: z.string() }));

/** A person's account as it is stored. A password never stands without its TOTP. */
export const Account = z.object({
  name: z.string(),
  grants: StoredGrants,
  passkeys: z.array(StoredPasskey),
  password: StoredPassword.optional(),
  totp: StoredTotp.optional(),
  sso: z.object({ issuer: z.string(), subject: z.string() }).optional(),
  /** Sessions of an earlier one are over. */
  generation: z.number(),
  createdAt: z.string(),
  disabledAt: z.string().optional(),
  lastSeenAt: z.string().optional(),
});
export type Account = z.infer<typeof Account>;

/** What others may see of an account: no secret, no hash, no public key. */
export interface StaffInfo {
  id: string;
  name: string;
  grants: Account['grants'];
  methods: {
    passkeys: { id: string; name: string; createdAt: string; lastUsedAt?: string }[];
    password: boolean;
    sso: boolean;
  };
  createdAt: string;
  disabledAt?: string;
  lastSeenAt?: string;
}

/** Somebody who has proven who they are. `provenAt` (epoch ms) may lie back where a provider of single sign-on knew them already. */
export interface SignedIn {
  staff: string;
  generation: number;
  name: string;
  provenAt: number;
}

/** The kinds of record that an account is made of. */
export const STAFF = 'staff';
export const STAFF_NAME = 'staff-name';
export const STAFF_SSO = 'staff-sso';

export async function readAccount(
  records: Records,
  id: string,
): Promise<{ version: number; account: Account } | undefined> {
  const stored = await records.get(STAFF, id);
  return stored && { version: stored.version, account: Account.parse(stored.value) };
}

export function infoOf(id: string, account: Account): StaffInfo {
  const { name, grants, passkeys, password, sso, createdAt, disabledAt, lastSeenAt } = account;
  return {
    id,
    name,
    grants,
    methods: {
      passkeys: passkeys.map((passkey) => ({
        id: passkey.id,
        name: passkey.name,
        createdAt: passkey.createdAt,
        ...(passkey.lastUsedAt !== undefined && { lastUsedAt: passkey.lastUsedAt }),
      })),
      password: password !== undefined,
      sso: sso !== undefined,
    },
    createdAt,
    ...(disabledAt !== undefined && { disabledAt }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
  };
}
