import type { Request } from 'express';
import type { Settings } from '../config.ts';
import { Problem } from '../errors.ts';

/** The address that readers use, without a slash at its end: PUBLIC_URL, else the one that this request was sent to. */
export function homeOf({ PUBLIC_URL }: Settings, request: Request): string {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL;
  const { protocol, host = '' } = request;
  const home = /^[\w.:[\]-]+$/.test(host) ? URL.parse(`${protocol}://${host}`) : null;
  if (!home) throw new Problem('not-found', 'The request names no host that can be.');
  return home.origin;
}
