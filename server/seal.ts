import { createHmac, timingSafeEqual } from 'node:crypto';
import { formatPosition, type Position, type Remembered } from '../shared/position.ts';

/** 32 bits: whoever guesses one in four thousand million has made everybody load once. */
const SEAL_LENGTH = 8;

/**
 * Tells a position that this store gave out from one that somebody made up. Readers are brought up to date from either,
 * since the mark alone proves where they stand; but only a sealed one is evidence against the log.
 */
export class Seal {
  readonly #key: Buffer;

  /** @param secret the store's, so that every process knows what the others gave out */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('position').digest();
  }

  /** The text of a position that the log holds. Of any other it must never be made: it would be evidence of a loss. */
  readonly format = (position: Position): string => formatPosition(position, this.#of(position));

  isOurs(position: Remembered): boolean {
    const [theirs, ours] = [Buffer.from(position.seal), Buffer.from(this.#of(position))];
    return theirs.length === ours.length && timingSafeEqual(theirs, ours);
  }

  #of(position: Position): string {
    return createHmac('sha256', this.#key).update(formatPosition(position)).digest('hex').slice(0, SEAL_LENGTH);
  }
}
