import { isIP } from 'node:net';

/** Where the newsroom's pages are, as a browser has it. Passkeys are made for `rpId`, and work nowhere else. */
export interface Site {
  origin: string;
  rpId: string;
}

/** Why there can be no passkeys: `reason` for programs, `words` for people. */
export interface PasskeysOff {
  reason: 'needs-https' | 'needs-name' | 'needs-public-url';
  words: string;
}

/**
 * What passkeys are made for: PUBLIC_URL, else `localhost`. A host that a request merely claims is never believed, since
 * a passkey would be bound to it.
 *
 * @param home the address that the request was sent to, as pages have it in their links
 */
export function siteOf(home: string, publicUrl: string | undefined): Site | PasskeysOff {
  const { protocol, hostname, origin, port } = new URL(publicUrl ?? home);
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    const there = publicUrl === undefined ? ` Open http://localhost${port && `:${port}`} instead.` : '';
    return { reason: 'needs-name', words: `Passkeys need a name, and this address is a number.${there}` };
  }
  if (protocol !== 'https:' && !local)
    return { reason: 'needs-https', words: 'Passkeys need https: without it, anybody on the way could be this site.' };
  if (publicUrl === undefined && !local)
    return { reason: 'needs-public-url', words: 'Passkeys need the setting PUBLIC_URL, so that they are bound to it.' };
  return { origin, rpId: hostname };
}
