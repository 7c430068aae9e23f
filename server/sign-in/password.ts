import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { StoredPassword } from '../desk/account.ts';
import { nameKey } from '../desk/names.ts';
import { Turnstile } from './turnstile.ts';

const derive = promisify(argon2);

/** What a hash costs, in KiB and in runs over them. */
export type Strength = Pick<StoredPassword, 'memory' | 'passes' | 'parallelism'>;

/** What OWASP asks of argon2id at least. Raised, hashes made with less are made anew when their people sign in. */
const STRENGTH: Strength = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_LENGTH = 16;
const TAG_LENGTH = 32;
/** Each run takes 19 MiB and a thread for a tenth of a second: what is beyond this would only take them from readers. */
const AT_ONCE = 2;
const WAITING = 32;

const SHORTEST = 12;
const LONGEST = 200;

/** Passwords as argon2id hashes. */
export class Passwords {
  readonly #strength: Strength;
  readonly #turnstile: Turnstile;
  /** Stands in for the hash of somebody who is not there. */
  readonly #nobody: StoredPassword;

  constructor(strength = STRENGTH, turnstile = new Turnstile(AT_ONCE, WAITING)) {
    this.#strength = strength;
    this.#turnstile = turnstile;
    const random = (length: number) => randomBytes(length).toString('base64url');
    this.#nobody = { ...strength, salt: random(SALT_LENGTH), tag: random(TAG_LENGTH) };
  }

  /** @throws Problem `too-many` */
  async hash(password: string): Promise<StoredPassword> {
    const salt = randomBytes(SALT_LENGTH);
    const tag = await this.#derive(password, { ...this.#strength, salt });
    return { ...this.#strength, salt: salt.toString('base64url'), tag: tag.toString('base64url') };
  }

  /**
   * Does the same work whether there is a password or not, so that the time tells nobody which names there are.
   * @throws Problem `too-many`
   */
  async verify(password: string, stored: StoredPassword | undefined): Promise<boolean> {
    const { salt, tag, memory, passes, parallelism } = stored ?? this.#nobody;
    const strength = { memory, passes, parallelism, salt: Buffer.from(salt, 'base64url') };
    const [theirs, ours] = [await this.#derive(password, strength), Buffer.from(tag, 'base64url')];
    return theirs.length === ours.length && timingSafeEqual(theirs, ours) && stored !== undefined;
  }

  /** Whether a hash was made with other parameters than ours of today. */
  isOld({ memory, passes, parallelism }: StoredPassword): boolean {
    const ours = this.#strength;
    return memory !== ours.memory || passes !== ours.passes || parallelism !== ours.parallelism;
  }

  #derive(password: string, { salt, ...strength }: Strength & { salt: Buffer }): Promise<Buffer> {
    // NFKC: the same password may be typed as other code points on another keyboard.
    const message = password.normalize('NFKC');
    return this.#turnstile.pass(() => derive('argon2id', { ...strength, message, nonce: salt, tagLength: TAG_LENGTH }));
  }
}

/** What is wrong with a new password, in words, or undefined. */
export function passwordProblem(password: string, name: string): string | undefined {
  const folded = password.normalize('NFKC');
  if (!password.isWellFormed()) return 'holds half of a surrogate pair';
  const length = [...folded].length;
  if (length < SHORTEST) return `has ${length} characters; ${SHORTEST} are the least`;
  if (length > LONGEST) return `has ${length} characters; ${LONGEST} are the most`;
  if (nameKey(password) === nameKey(name)) return 'is the name';
  return undefined;
}
