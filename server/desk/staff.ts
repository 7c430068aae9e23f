import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { Problem, valid } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import type { Records, Write } from '../records.ts';
import type { Actor, Grant } from '../roles.ts';
import { Account, infoOf, readAccount, STAFF, STAFF_NAME, type StaffInfo } from './account.ts';
import { officeAct, type StaffAction, staffRef } from './acts.ts';
import { chiefsWrite, isChief } from './chiefs.ts';
import { changedGrants, Grants, grantsText, knownEditions, permitGrants, without } from './grants.ts';
import { Name, nameKey } from './names.ts';

const Granting = z.strictObject({ grants: Grants });
const Rename = z.strictObject({ name: Name });

/** What a change makes of an account, and what the audit says of it. */
interface Step {
  action: StaffAction;
  account: Account;
  /** Those that the caller must be a chief for; absent: the caller acts on themselves. */
  concerns?: Grant[];
  writes?: Write[];
  why?: string;
}

interface StaffParts {
  records: Records;
  /** Those of `newsroom.json`. */
  editions: ReadonlySet<string>;
  clock: Clock;
}

/** Who belongs to the newsroom and what each may do. Every change is one step with its row in the audit. */
export class Staff {
  readonly #records: Records;
  readonly #editions: ReadonlySet<string>;
  readonly #clock: Clock;

  constructor({ records, editions, clock }: StaffParts) {
    this.#records = records;
    this.#editions = editions;
    this.#clock = clock;
  }

  /** In the order in which they came. */
  async list(): Promise<StaffInfo[]> {
    return (await this.#records.list(STAFF)).map(({ id, value }) => infoOf(id, Account.parse(value)));
  }

  async get(id: string): Promise<StaffInfo | undefined> {
    const stored = await readAccount(this.#records, id);
    return stored && infoOf(id, stored.account);
  }

  /** For each request of a session: the grants as they are now; undefined once disabled or when `generation` is over. */
  async actor(id: string, generation: number): Promise<Actor | undefined> {
    const { account } = (await readAccount(this.#records, id)) ?? {};
    if (!account || account.disabledAt !== undefined || account.generation !== generation) return undefined;
    return { id: staffRef(id), name: account.name, grants: account.grants };
  }

  /** Sets all that somebody may do. Grants that stay as they are need no right of the caller's. */
  async grant(caller: Caller, id: string, body: unknown): Promise<StaffInfo> {
    const { grants } = valid(Granting, body);
    return this.#change(caller, id, (account) => {
      knownEditions(without(grants, account.grants), this.#editions);
      const concerns = changedGrants(account.grants, grants);
      if (concerns.length === 0) return undefined;
      return { action: 'granted', account: { ...account, grants }, concerns, why: grantsText(grants) };
    });
  }

  /** Shuts somebody out at once: their sessions are over, also when they are enabled again. */
  disable(caller: Caller, id: string): Promise<StaffInfo> {
    return this.#change(caller, id, (account) => {
      if (account.disabledAt !== undefined) return undefined;
      const disabledAt = this.#now();
      const generation = account.generation + 1;
      return { action: 'disabled', account: { ...account, disabledAt, generation }, concerns: account.grants };
    });
  }

  enable(caller: Caller, id: string): Promise<StaffInfo> {
    return this.#change(caller, id, ({ disabledAt, ...account }) => {
      if (disabledAt === undefined) return undefined;
      return { action: 'enabled', account, concerns: account.grants };
    });
  }

  /** Ends every session of somebody, one's own too. */
  async endSessions(caller: Caller, id: string): Promise<void> {
    await this.#change(caller, id, (account) => ({
      action: 'sessions-ended',
      account: { ...account, generation: account.generation + 1 },
      ...(caller.actor.id !== staffRef(id) && { concerns: account.grants }),
    }));
  }

  /** One's own name. */
  async rename(caller: Caller, body: unknown): Promise<StaffInfo> {
    const { name } = valid(Rename, body);
    const id = staffOf(caller);
    const key = nameKey(name);
    return this.#change(caller, id, async (account) => {
      if (name === account.name) return undefined;
      const old = nameKey(account.name);
      const writes = old === key ? [] : await this.#moveName(id, old, key);
      return { action: 'renamed', account: { ...account, name }, writes };
    });
  }

  async #moveName(id: string, old: string, key: string): Promise<Write[]> {
    if (await this.#records.get(STAFF_NAME, key)) throw nameTaken();
    const held = await this.#records.get(STAFF_NAME, old);
    return [
      { kind: STAFF_NAME, id: key, expects: 0, value: id },
      { kind: STAFF_NAME, id: old, expects: held?.version ?? 0 },
    ];
  }

  /** Makes a change on the account as it is; when somebody else was faster, on what it is then. */
  async #change(
    caller: Caller,
    id: string,
    make: (account: Account) => Step | undefined | Promise<Step | undefined>,
  ): Promise<StaffInfo> {
    const stored = await readAccount(this.#records, id);
    if (!stored) throw new Problem('not-found', 'There is nobody with this id.');
    const step = await make(stored.account);
    if (step?.concerns) permitGrants(caller, step.concerns);
    if (!step) return infoOf(id, stored.account);
    const { action, account, concerns, writes = [], why } = step;
    const done = await this.#records.change(
      [
        { kind: STAFF, id, expects: stored.version, value: account },
        ...writes,
        ...(await chiefsWrite(this.#records, id, isChief(account))),
      ],
      officeAct({ actor: caller.actor.id, from: caller.from }, action, staffRef(id), concerns ?? account.grants, why),
    );
    return done ? infoOf(id, account) : this.#change(caller, id, make);
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

/** The caller as a person. @throws Problem `forbidden` for keys and programs, which have no account */
export function staffOf({ actor }: Caller): string {
  const [, id] = /^staff:(.+)$/.exec(actor.id) ?? [];
  if (id === undefined) throw new Problem('forbidden', 'This is for people who are signed in, and no key can do it.');
  return id;
}

export function nameTaken(): Problem {
  const errors = [{ field: 'name', message: 'is taken' }];
  return new Problem('name-taken', 'Somebody has this name already. Choose another one.', { errors });
}
