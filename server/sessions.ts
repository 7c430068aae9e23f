import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from './clock.ts';
import { staffRef } from './desk/acts.ts';
import { digestOf, sameDigest } from './digest.ts';
import type { Caller } from './newsroom.ts';
import type { Records } from './records.ts';

const KIND = 'session';
const IDLE_MS = 12 * 3600_000;
export const LONGEST_SESSION_MS = 7 * 24 * 3600_000;
const FRESH_MS = 10 * 60_000;
/** That it is in use is kept no more often than this, so that a request costs no write. */
const SEEN_EVERY_MS = 60_000;

const StoredSession = z.object({
  staff: z.string(),
  /** Of the account: once that has another one, this session is over. */
  generation: z.number(),
  /** Of the secret in the cookie: a copy of the store opens no door. */
  digest: z.string(),
  createdAt: z.number(),
  seenAt: z.number(),
  /** When the person last proved who they are. */
  provenAt: z.number(),
  from: z.string(),
  agent: z.string(),
});
type StoredSession = z.infer<typeof StoredSession>;

export interface Session extends StoredSession {
  id: string;
  version: number;
}

/** Who has proven who they are, when, and where the request came from. */
export type Proven = Pick<StoredSession, 'staff' | 'generation' | 'provenAt' | 'from' | 'agent'>;

export type SessionAction = 'signed-out' | 'session-ended' | 'sessions-ended';

/**
 * Who is signed in, and where. A token is `<id>.<secret>`: the id names the session to its owner, the secret is only in
 * the cookie. Whatever is written names the version it was made of, so an ended session never comes back.
 */
export class Sessions {
  readonly #records: Records;
  readonly #clock: Clock;

  constructor(records: Records, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  /** Resolves with its token, which nobody can read again. */
  async begin(proven: Proven): Promise<string> {
    const now = this.#clock.now();
    const id = randomBytes(9).toString('base64url');
    const secret = newSecret();
    const stored = { ...proven, digest: digestOf(secret), createdAt: now, seenAt: now };
    if (!(await this.#put(id, stored, 0))) return this.begin(proven);
    return `${id}.${secret}`;
  }

  /**
   * The same person has proven it anew: the session goes on, and its open streams with it, under another secret. Undefined
   * when it was ended meanwhile.
   */
  async renew(session: Session, provenAt: number): Promise<string | undefined> {
    const secret = newSecret();
    const stored = { ...session, digest: digestOf(secret), seenAt: this.#clock.now(), provenAt };
    if (await this.#put(session.id, stored, session.version)) return `${session.id}.${secret}`;
    // Another request may have kept that it is in use, or renewed it.
    const found = await this.get(session.id);
    return found?.digest === session.digest ? this.renew(found, provenAt) : undefined;
  }

  /** Malformed, unknown, wrong and ended tokens look alike from outside. */
  async find(token: string): Promise<Session | undefined> {
    const [id = '', secret = ''] = token.split('.');
    const session = await this.get(id);
    return sameDigest(digestOf(secret), session?.digest ?? digestOf('')) ? session : undefined;
  }

  async get(id: string): Promise<Session | undefined> {
    const stored = id === '' ? undefined : await this.#records.get(KIND, id);
    return stored && this.#living({ ...StoredSession.parse(stored.value), id, version: stored.version });
  }

  /** All of them, or those of one account; the one that was seen last before the others. */
  async list(staff?: string): Promise<Session[]> {
    const stored = await this.#records.list(KIND);
    return stored
      .map(({ id, version, value }) => ({ ...StoredSession.parse(value), id, version }))
      .filter((session) => (staff === undefined || session.staff === staff) && this.#living(session))
      .sort((a, b) => b.seenAt - a.seenAt);
  }

  /** Keeps that it is in use. */
  async seen(session: Session): Promise<void> {
    const now = this.#clock.now();
    if (now - session.seenAt >= SEEN_EVERY_MS)
      await this.#put(session.id, { ...session, seenAt: now }, session.version);
  }

  /** Whether the person proved who they are a short while ago. */
  isFresh({ provenAt }: Session): boolean {
    return this.#clock.now() - provenAt < FRESH_MS;
  }

  /** Ends them in one step with its row in the audit; what was over already is left out. All are of one account. */
  async end(sessions: readonly Session[], { actor, from }: Caller, action: SessionAction): Promise<void> {
    const [first] = sessions;
    if (!first) return;
    const writes = sessions.map(({ id, version }) => ({ kind: KIND, id, expects: version }));
    const act = { actor: actor.id, from, action, subject: staffRef(first.staff), editions: [] };
    if (await this.#records.change(writes, act)) return;
    // Somebody else ended one, or a request kept that it is in use.
    const left = await Promise.all(sessions.map(({ id }) => this.get(id)));
    await this.end(
      left.filter((session) => session !== undefined),
      { actor, from },
      action,
    );
  }

  #living(session: Session): Session | undefined {
    const now = this.#clock.now();
    return now - session.seenAt < IDLE_MS && now - session.createdAt < LONGEST_SESSION_MS ? session : undefined;
  }

  #put(id: string, session: StoredSession, expects: number): Promise<boolean> {
    const left = session.createdAt + LONGEST_SESSION_MS - this.#clock.now();
    const lifeMs = Math.max(1, Math.min(IDLE_MS, left));
    return this.#records.put(KIND, id, StoredSession.parse(session), expects, lifeMs);
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
