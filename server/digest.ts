import { createHash, timingSafeEqual } from 'node:crypto';

/** Of a secret with 256 random bits, in hex: a slow hash would add nothing to it. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes as long wherever they differ. Both are digests as above. */
export function sameDigest(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
