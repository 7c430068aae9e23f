import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** A text as it is sent: squeezed once for all who ask. */
export interface Body {
  plain: Buffer;
  gzip: Buffer;
  /** Without its quotes. */
  tag: string;
}

/**
 * Squeezes, unless it was squeezed before, at once and not in the background: a kill that lands in between would find the text already past the check
 * that keeps it out.
 */
export function bodyOf(text: string | Buffer, gzip?: Buffer): Body {
  const plain = Buffer.from(text);
  return { plain, gzip: gzip ?? gzipSync(plain), tag: createHash('sha1').update(plain).digest('base64url') };
}

/** Sends it as the client can read it, or says that the client has it. */
export function sendBody(request: Request, response: Response, { plain, gzip, tag }: Body): void {
  const squeezed = request.acceptsEncodings('gzip') === 'gzip';
  response.vary('Accept-Encoding').set('ETag', squeezed ? `"${tag}-gzip"` : `"${tag}"`);
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  if (squeezed) response.set('Content-Encoding', 'gzip');
  response.end(squeezed ? gzip : plain);
}
