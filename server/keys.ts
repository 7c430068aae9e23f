import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from './clock.ts';
import { Name } from './desk/names.ts';
import { digestOf, sameDigest } from './digest.ts';
import { Problem, valid } from './errors.ts';
import { type Caller, permit } from './newsroom.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import type { OfficeAct, Records } from './records.ts';
import { type Actor, type Grant, may, ROLES } from './roles.ts';

const StoredKey = z.object({
  name: z.string(),
  digest: z.string(),
  grants: z.array(z.object({ role: z.enum(ROLES), edition: z.string() })),
  createdAt: z.string(),
  lastUsedAt: z.string().optional(),
  revokedAt: z.string().optional(),
});
type StoredKey = z.infer<typeof StoredKey>;

export interface KeyInfo extends Omit<StoredKey, 'digest'> {
  id: string;
}

const NewKey = z.strictObject({
  name: Name,
  role: z.enum(ROLES),
  editions: z.array(z.string().max(40)).min(1, 'names no edition').max(100),
});

const FORM = /^mg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const KIND = 'key';
/** That it is in use is kept no more often than this, so that a request costs no write. */
const USED_EVERY_MS = 60_000;

/** API keys: found by a public id, shown once, stored as a digest, revocable at once. */
export class Keys {
  readonly #records: Records;
  readonly #file: NewsroomFile;
  readonly #clock: Clock;

  constructor(records: Records, file: NewsroomFile, clock: Clock) {
    this.#records = records;
    this.#file = file;
    this.#clock = clock;
  }

  /** Resolves with the key itself, which nobody can read again. Nobody gives a key more than they have. */
  async add(caller: Caller, body: unknown): Promise<{ id: string; key: string }> {
    const { name, role, editions } = valid(NewKey, body);
    const grants = [...new Set(editions)].map((edition) => ({ role, edition: this.#known(edition) }));
    for (const { edition } of grants) permit(caller, 'keys', edition);
    const id = randomBytes(6).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const value: StoredKey = { name, digest: digestOf(secret), grants, createdAt: this.#now() };
    const act = actOf(caller, 'key-added', id, grants);
    if (!(await this.#records.change([{ kind: KIND, id, expects: 0, value }], act))) return this.add(caller, body);
    return { id, key: `mg_${id}_${secret}` };
  }

  /** All of them, or those that the caller could have made. */
  async list(caller?: Caller): Promise<KeyInfo[]> {
    const stored = await this.#records.list(KIND);
    return stored
      .map(({ id, value }) => {
        const { digest: _, ...info } = StoredKey.parse(value);
        return { id, ...info };
      })
      .filter(({ grants }) => !caller || isWithin(caller, grants));
  }

  /** A revoked one stays on record, with the time. @throws Problem `not-found`, also for one out of the caller's reach */
  async revoke(caller: Caller, id: string): Promise<void> {
    const stored = await this.#records.get(KIND, id);
    const key = stored && StoredKey.parse(stored.value);
    if (!key || !isWithin(caller, key.grants)) throw new Problem('not-found', `There is no key ${id.slice(0, 40)}.`);
    if (key.revokedAt) return;
    const value: StoredKey = { ...key, revokedAt: this.#now() };
    const act = actOf(caller, 'key-revoked', id, key.grants);
    if (!(await this.#records.change([{ kind: KIND, id, expects: stored.version, value }], act)))
      await this.revoke(caller, id);
  }

  /** Who a key stands for, or undefined: malformed, unknown, wrong and revoked ones look alike from outside. */
  async actor(key: string): Promise<Actor | undefined> {
    const [, id = '', secret = ''] = FORM.exec(key) ?? [];
    const stored = id === '' ? undefined : await this.#records.get(KIND, id);
    const parsed = stored && StoredKey.parse(stored.value);
    const right = sameDigest(digestOf(secret), parsed?.digest ?? digestOf(''));
    if (!parsed || !right || parsed.revokedAt) return undefined;
    await this.#used(id, parsed, stored.version);
    return { id: `key:${id}`, name: parsed.name, grants: parsed.grants };
  }

  /** That it cannot be kept just now harms nobody: a kill must go on in a full store. */
  async #used(id: string, key: StoredKey, version: number): Promise<void> {
    if (this.#clock.now() - Date.parse(key.lastUsedAt ?? '1970-01-01') < USED_EVERY_MS) return;
    await this.#records.put(KIND, id, { ...key, lastUsedAt: this.#now() }, version).catch(() => {});
  }

  #known(edition: string): string {
    if (edition === '*' || this.#file.editions.has(edition)) return edition;
    const ids = [...this.#file.editions.keys()].join(', ');
    throw new Problem('unknown-edition', `There is no edition "${edition}"; there are ${ids}.`, {
      errors: [{ field: 'editions', message: `is not * or one of ${ids}` }],
    });
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function isWithin({ actor }: Caller, grants: readonly Grant[]): boolean {
  return grants.every(({ edition }) => may(actor, 'keys', edition));
}

function actOf({ actor, from }: Caller, action: string, id: string, grants: readonly Grant[]): OfficeAct {
  const editions = grants.map(({ edition }) => edition);
  return { actor: actor.id, from, action, subject: `key:${id}`, editions, why: grants[0]?.role ?? '' };
}
