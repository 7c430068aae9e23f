import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { invalidFields, Problem, valid } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import type { Records, Write } from '../records.ts';
import type { Grant } from '../roles.ts';
import { type Account, readAccount, type SignedIn, STAFF, STAFF_NAME } from './account.ts';
import { linkRef, officeAct, staffRef } from './acts.ts';
import { chiefsWrite, firstChiefWrite, hasChief, isChief } from './chiefs.ts';
import { Grants, grantsText, knownEditions, permitGrants } from './grants.ts';
import { idOf, LINK, type OpenLink, openLink, StoredLink, staffIn, whileOpen } from './link.ts';
import { type NewMethod, ssoWrites, withOnly } from './method.ts';
import { Name, nameKey } from './names.ts';
import { nameTaken } from './staff.ts';

const LIFE_MS = 24 * 3600_000;
const FIRST: Grant[] = [{ role: 'chief', edition: '*' }];
const MADE = { first: 'first-link-made', invitation: 'invited', recovery: 'recovery-started' } as const;

const Invitation = z.strictObject({
  name: Name,
  grants: Grants.refine((grants) => grants.length > 0, 'grants nothing'),
});
const Named = z.strictObject({ name: Name.optional() });
const Nothing = z.strictObject({});

export interface MadeLink {
  /** For the link alone: it is stored nowhere. */
  token: string;
  endsAt: string;
  id: string;
}

export interface PendingLink {
  id: string;
  for: StoredLink['for'];
  name?: string;
  grants: Grant[];
  by: string;
  createdAt: string;
  endsAt: string;
}

interface LinksParts {
  records: Records;
  /** Those of `newsroom.json`. */
  editions: ReadonlySet<string>;
  clock: Clock;
}

/** One-time links: the only way in which an account comes about, and the way back in for who lost every other one. */
export class Links {
  readonly #records: Records;
  readonly #editions: ReadonlySet<string>;
  readonly #clock: Clock;

  constructor({ records, editions, clock }: LinksParts) {
    this.#records = records;
    this.#editions = editions;
    this.#clock = clock;
  }

  /** The token of a link that makes the first chief; undefined once there is one. */
  async first(): Promise<string | undefined> {
    if (await hasChief(this.#records)) return undefined;
    const link = { for: 'first', staff: uuidv7(), grants: FIRST } as const;
    return (await this.#make({ actor: 'motograph', from: 'start' }, link)).token;
  }

  async invite(caller: Caller, body: unknown): Promise<MadeLink> {
    const { name, grants } = valid(Invitation, body);
    knownEditions(grants, this.#editions);
    permitGrants(caller, grants);
    if (await this.#records.get(STAFF_NAME, nameKey(name))) throw nameTaken();
    return this.#make(byOf(caller), { for: 'invitation', staff: uuidv7(), name, grants });
  }

  /** For somebody who lost every way to sign in. What they had goes on until the link is used. */
  async recover(caller: Caller, staffId: string): Promise<MadeLink> {
    const { account } = (await readAccount(this.#records, staffId)) ?? {};
    if (!account) throw new Problem('not-found', 'There is nobody with this id.');
    permitGrants(caller, account.grants);
    if (account.disabledAt !== undefined)
      throw new Problem('forbidden', 'The account is disabled. Enable it before you recover it.');
    return this.#make(byOf(caller), { for: 'recovery', staff: staffId, grants: account.grants });
  }

  /** Links that can still be used, the oldest first. */
  async pending(): Promise<PendingLink[]> {
    const now = this.#clock.now();
    const links: PendingLink[] = [];
    for (const { id, value } of await this.#records.list(LINK)) {
      const link = StoredLink.parse(value);
      const open = await whileOpen(this.#records, link, now);
      if (!open) continue;
      const { by, createdAt, endsAt } = link;
      links.push({ id, for: link.for, ...nameIn(open), grants: open.grants, by, createdAt, endsAt });
    }
    return links.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  async revoke(caller: Caller, id: string): Promise<void> {
    const stored = await this.#records.get(LINK, id);
    if (!stored) throw new Problem('not-found', 'There is no such link any more.');
    const { grants } = StoredLink.parse(stored.value);
    permitGrants(caller, grants);
    const act = officeAct(byOf(caller), 'link-revoked', linkRef(id), grants);
    if (!(await this.#records.change([{ kind: LINK, id, expects: stored.version }], act)))
      await this.revoke(caller, id);
  }

  /** What a link is for, and who made it, where that was a person. However often it is looked at, it is not used up. @throws Problem `link-over` */
  async look(token: unknown): Promise<{ for: StoredLink['for']; name?: string; grants: Grant[]; by?: string }> {
    const link = await this.open(token);
    const maker = staffIn(link.by);
    const { account } = (maker !== undefined && (await readAccount(this.#records, maker))) || {};
    return { for: link.for, ...nameIn(link), grants: link.grants, ...(account && { by: account.name }) };
  }

  /** As `look`, with what its ceremonies are bound to: for us alone. */
  async open(token: unknown): Promise<OpenLink> {
    return openLink(this.#records, idOf(token), this.#clock.now());
  }

  /**
   * What somebody will be called who comes in by this link: said before their passkey is made, and found wrong then.
   * @throws Problem `invalid`, `name-taken`
   */
  async nameFor(link: OpenLink, body: unknown): Promise<string> {
    if (link.recovered) {
      valid(Nothing, body);
      return link.recovered.account.name;
    }
    const name = valid(Named, body).name ?? link.name;
    if (name === undefined) throw invalidFields([{ field: 'name', message: 'is required' }]);
    if (await this.#records.get(STAFF_NAME, nameKey(name))) throw nameTaken();
    return name;
  }

  /**
   * Uses the link up and makes or recovers its account, in one step: there is never the one without the other. A
   * recovered account has this method alone, and its sessions are over.
   *
   * @param body `{name?}`: the first link needs it, an invitation may have another, a recovery has none
   * @throws Problem `link-over`, `name-taken`, `forbidden` for a single sign-on that is somebody else's
   */
  async accept(token: unknown, body: unknown, method: NewMethod, from: string): Promise<SignedIn> {
    return this.acceptById(idOf(token), body, method, from);
  }

  /** As `accept`, for who came back from a single sign-on that was begun with the token: only its digest was kept. */
  async acceptById(id: string, body: unknown, method: NewMethod, from: string): Promise<SignedIn> {
    const now = this.#clock.now();
    const link = await openLink(this.#records, id, now);
    const name = await this.nameFor(link, body);
    const { staff, recovered } = link;
    const at = new Date(now).toISOString();
    const before: Account = recovered?.account ?? {
      name,
      grants: link.grants,
      passkeys: [],
      generation: 0,
      createdAt: at,
    };
    const account: Account = { ...withOnly(method, before), generation: before.generation + 1, lastSeenAt: at };
    const writes: Write[] = [
      { kind: LINK, id, expects: link.version },
      { kind: STAFF, id: staff, expects: recovered?.version ?? 0, value: account },
      ...(recovered
        ? await this.#otherRecoveries(id, staff)
        : [{ kind: STAFF_NAME, id: nameKey(name), expects: 0, value: staff }]),
      ...(await ssoWrites(this.#records, staff, before.sso, account.sso)),
      ...(link.for === 'first' ? [firstChiefWrite(staff)] : await chiefsWrite(this.#records, staff, isChief(account))),
    ];
    const by = { actor: staffRef(staff), from };
    const act = officeAct(by, recovered ? 'recovered' : 'joined', by.actor, account.grants, Object.keys(method)[0]);
    if (!(await this.#records.change(writes, act))) return this.acceptById(id, body, method, from);
    return { staff, generation: account.generation, name, provenAt: now };
  }

  async #make(
    by: { actor: string; from: string },
    link: Pick<StoredLink, 'for' | 'staff' | 'name' | 'grants'>,
  ): Promise<MadeLink> {
    const token = randomBytes(32).toString('base64url');
    const id = idOf(token);
    const now = this.#clock.now();
    const endsAt = new Date(now + LIFE_MS).toISOString();
    const value: StoredLink = { ...link, by: by.actor, createdAt: new Date(now).toISOString(), endsAt };
    const subject = link.for === 'recovery' ? staffRef(link.staff) : linkRef(id);
    const act = officeAct(by, MADE[link.for], subject, link.grants, grantsText(link.grants));
    await this.#records.change([{ kind: LINK, id, expects: 0, value, lifeMs: LIFE_MS }], act);
    return { token, endsAt, id };
  }

  /** Once a person is back, no other link may take the account over. */
  async #otherRecoveries(id: string, staff: string): Promise<Write[]> {
    const links = await this.#records.list(LINK);
    return links
      .filter((link) => link.id !== id && StoredLink.parse(link.value).staff === staff)
      .map((link) => ({ kind: LINK, id: link.id, expects: link.version }));
  }
}

function byOf({ actor, from }: Caller): { actor: string; from: string } {
  return { actor: actor.id, from };
}

function nameIn({ name }: { name: string | undefined }): { name?: string } {
  return name === undefined ? {} : { name };
}
