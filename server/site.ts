import type { IncomingHttpHeaders } from 'node:http';

/** Readers that no site is named for, those on pages of ours, and those of sites beyond the ones told apart. */
export const DIRECT = '';
export const OWN = 'own';
export const OTHER = 'other';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i');
const LONGEST_HOSTNAME = 253;

export type SiteOf = (headers: IncomingHttpHeaders, query: unknown) => string;

/**
 * Names the site whose page a reader is on, which is all that is ever kept of where it comes from. It is a claim: a
 * browser tells the truth about `Origin`, other programs say what they like. `site` of the query is heeded only where
 * the headers name no site or ours, as in our iframe: a page elsewhere cannot speak for another one.
 */
export function siteReader(publicUrl: string | undefined): SiteOf {
  const publicHost = publicUrl && hostOf(publicUrl);
  return (headers, query) => {
    const named = hostOf(headers.origin) ?? hostOf(headers.referer);
    const isOwn = (host: string) => host === publicHost || host === hostOf(`http://${headers.host}`);
    const site = named === undefined || isOwn(named) ? (claimedBy(query) ?? named) : named;
    if (site === undefined) return DIRECT;
    return isOwn(site) ? OWN : site;
  };
}

function claimedBy(query: unknown): string | undefined {
  const claim = typeof query === 'object' && query !== null && 'site' in query ? query.site : undefined;
  return typeof claim === 'string' ? hostname(claim) : undefined;
}

/** Without port and credentials. Undefined for what is no address of a web page, such as the origin `null`. */
function hostOf(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  return url && /^https?:$/.test(url.protocol) ? hostname(url.hostname) : undefined;
}

/** In lower case, or undefined: no name, an IPv6 address, or a word that means something else here. */
function hostname(text: string): string | undefined {
  const name = text.replace(/\.$/, '');
  if (name.length > LONGEST_HOSTNAME || !HOSTNAME.test(name)) return undefined;
  const lower = name.toLowerCase();
  return lower === OWN || lower === OTHER ? undefined : lower;
}
