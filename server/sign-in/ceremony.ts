import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Problem } from '../errors.ts';
import type { Records } from '../records.ts';

const KIND = 'ceremony';
const LIFE_MS = 5 * 60_000;
const FORM = /^[A-Za-z0-9_-]{43}$/;

/** What a ceremony was begun for: the link or the account that its result is for, and no other's. */
export const Grounds = z.object({ for: z.enum(['link', 'staff']), id: z.string() });
export type Grounds = z.infer<typeof Grounds>;

const site = { origin: z.string(), rpId: z.string() };

const Ceremony = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passkey'), challenge: z.string(), ...site }),
  z.object({ kind: z.literal('new-passkey'), challenge: z.string(), ...site, grounds: Grounds }),
  z.object({ kind: z.literal('new-totp'), secret: z.string(), grounds: Grounds }),
  z.object({
    kind: z.literal('sso'),
    state: z.string(),
    nonce: z.string(),
    verifier: z.string(),
    redirectUri: z.string(),
    /** When it was begun: who must prove themselves again is asked for after that. */
    again: z.number().optional(),
    purpose: z.discriminatedUnion('for', [
      z.object({ for: z.literal('sign-in'), next: z.string().optional() }),
      z.object({ for: z.literal('link'), id: z.string(), name: z.string().optional() }),
      z.object({ for: z.literal('staff'), id: z.string() }),
    ]),
  }),
]);
type Ceremony = z.infer<typeof Ceremony>;
export type CeremonyOf<K extends Ceremony['kind']> = Extract<Ceremony, { kind: K }>;

/** What is remembered between the two halves of a proof: for five minutes, on every node, for one use. */
export class Ceremonies {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Resolves with an id that nobody can guess. */
  async begin(ceremony: Ceremony): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    await this.#records.put(KIND, id, ceremony, 0, LIFE_MS);
    return id;
  }

  /** Uses it up, whatever comes of it. @throws Problem `wrong-proof` when it is over, or of another kind */
  async take<K extends Ceremony['kind']>(id: unknown, kind: K): Promise<CeremonyOf<K>> {
    // Looked at first: to take is a write, and whoever makes ids up should cause none.
    const there = isId(id) && (await this.#records.get(KIND, id)) !== undefined;
    return this.#of(kind, there ? await this.#records.take(KIND, id) : undefined);
  }

  /** Leaves it for another try. @throws Problem as `take` */
  async look<K extends Ceremony['kind']>(id: unknown, kind: K): Promise<CeremonyOf<K>> {
    return this.#of(kind, isId(id) ? await this.#records.get(KIND, id) : undefined);
  }

  #of<K extends Ceremony['kind']>(kind: K, stored: { value: unknown } | undefined): CeremonyOf<K> {
    const ceremony = stored && Ceremony.parse(stored.value);
    if (ceremony?.kind !== kind) throw new Problem('wrong-proof', 'It took too long, or was used before. Start again.');
    return ceremony as CeremonyOf<K>;
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && FORM.test(id);
}

export function sameGrounds(one: Grounds, other: Grounds): boolean {
  return one.for === other.for && one.id === other.id;
}
