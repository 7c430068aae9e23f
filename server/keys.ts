import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Records } from './records.ts';
import { type Actor, type Grant, ROLES } from './roles.ts';

const StoredKey = z.object({
  name: z.string(),
  /** SHA-256 of the secret, in hex: the secret has 256 random bits, so a slow hash would add nothing. */
  digest: z.string(),
  grants: z.array(z.object({ role: z.enum(ROLES), edition: z.string() })),
  createdAt: z.string(),
  revokedAt: z.string().optional(),
});
type StoredKey = z.infer<typeof StoredKey>;

export interface KeyInfo extends Omit<StoredKey, 'digest'> {
  id: string;
}

const FORM = /^mg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const KIND = 'key';

/** API keys: found by a public id, shown once, stored as a digest, revocable at once. */
export class Keys {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Resolves with the key itself, which nobody can read again. */
  async add(name: string, grants: Grant[], now: Date): Promise<{ id: string; key: string }> {
    const id = randomBytes(6).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const stored: StoredKey = { name, digest: digestOf(secret), grants, createdAt: now.toISOString() };
    if (!(await this.#records.put(KIND, id, stored, 0))) return this.add(name, grants, now);
    return { id, key: `mg_${id}_${secret}` };
  }

  async list(): Promise<KeyInfo[]> {
    const stored = await this.#records.list(KIND);
    return stored.map(({ id, value }) => {
      const { digest: _, ...info } = StoredKey.parse(value);
      return { id, ...info };
    });
  }

  /** Resolves with whether there was such a key. A revoked one stays on record, with the time. */
  async revoke(id: string, now: Date): Promise<boolean> {
    const stored = await this.#records.get(KIND, id);
    if (!stored) return false;
    const value = StoredKey.parse(stored.value);
    if (value.revokedAt) return true;
    const done = await this.#records.put(KIND, id, { ...value, revokedAt: now.toISOString() }, stored.version);
    return done || this.revoke(id, now);
  }

  /** Who a key stands for, or undefined: malformed, unknown, wrong and revoked ones look alike from outside. */
  async actor(key: string): Promise<Actor | undefined> {
    const [, id = '', secret = ''] = FORM.exec(key) ?? [];
    const stored = id === '' ? undefined : await this.#records.get(KIND, id);
    const parsed = stored && StoredKey.parse(stored.value);
    const right = sameDigest(digestOf(secret), parsed?.digest ?? digestOf(''));
    if (!parsed || !right || parsed.revokedAt) return undefined;
    return { id: `key:${id}`, grants: parsed.grants };
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameDigest(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
