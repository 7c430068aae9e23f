import { domainToUnicode } from 'node:url';
import { Parser } from 'htmlparser2';
import { LIMITS, WebUrl } from '../../shared/item.ts';
import { plainLine } from '../../shared/text.ts';

/** What a link leads to, each word of it fit to be published as it is. */
export interface Unfurled {
  /** The page's own choice of its address, else the one that it was found at. */
  url: string;
  title: string;
  /** The name of the site, else its host. */
  site: string;
  /** BCP 47; absent when the page does not say. */
  language?: string;
  image?: string;
}

const LONGEST_LANGUAGE = 35;

/** A page, or the start of one, as it was found. */
export interface Page {
  url: URL;
  html: string;
  /** As the header has it, or ''. */
  language: string;
}

/** Undefined when the page has no title. */
export function unfurledOf({ url: found, html, language: stated }: Page): Unfurled | undefined {
  const said = saidIn(html);
  const line = (max: number, ...names: string[]) =>
    names.map((name) => plainLine(said.get(name) ?? '', max)).find((text) => text !== '');
  const url = canonicalOf(said, found) ?? webUrl(found.href, found);
  const title = line(LIMITS.headline, 'og:title', 'twitter:title', 'title');
  if (url === undefined || title === undefined) return undefined;
  const site = line(LIMITS.line, 'og:site_name', 'application-name') ?? nameOf(found);
  const languages = [said.get('lang'), stated, said.get('content-language'), said.get('og:locale')];
  const language = languages.map(languageTag).find((tag) => tag !== undefined);
  const image = webUrl(said.get('og:image') ?? said.get('twitter:image'), found);
  return { url, title, site, ...(language && { language }), ...(image && { image }) };
}

/**
 * Within the site that was asked for only: a page must not be able to put another site's address on the ticker, and
 * who pastes the address of a copy means the copy. And never one that is less safe than where the page was found.
 */
function canonicalOf(said: ReadonlyMap<string, string>, found: URL): string | undefined {
  const url = webUrl(said.get('canonical') ?? said.get('og:url'), found);
  if (url === undefined) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const isHere = isWithin(hostname, found.hostname) || isWithin(found.hostname, hostname);
  return isHere && port === '' && (protocol === 'https:' || found.protocol === 'http:') ? url : undefined;
}

/** `m.news.example` is within `news.example`. */
function isWithin(host: string, other: string): boolean {
  return host === other || host.endsWith(`.${other}`);
}

/** What the head of a page says of it, by the lower-case names of its elements; of several, the first that says a word. */
function saidIn(html: string): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  const say = (name: string | undefined, value: string | undefined) => {
    if (name && value?.trim()) said.getOrInsert(name.toLowerCase(), value);
  };
  let title: string | undefined;
  new Parser({
    onopentag(tag, { lang, property, name, content, rel, href, 'http-equiv': header }) {
      if (tag === 'html') say('lang', lang);
      if (tag === 'title') title = '';
      if (tag === 'meta') say(property ?? name ?? header, content);
      if (tag === 'link' && rel?.toLowerCase().split(/\s+/).includes('canonical')) say('canonical', href);
    },
    ontext(text) {
      if (title !== undefined) title += text;
    },
    onclosetag(tag) {
      if (tag === 'title') say('title', title);
      title = undefined;
    },
  }).end(html);
  return said;
}

function webUrl(text: string | undefined, base: URL): string | undefined {
  const url = text === undefined ? null : URL.parse(text.trim(), base);
  return url ? WebUrl.safeParse(url.href).data : undefined;
}

function nameOf({ hostname }: URL): string {
  const name = hostname.replace(/^www\./, '');
  return domainToUnicode(name) || name;
}

/** `og:locale` has an underscore: `uk_UA`. */
function languageTag(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST_LANGUAGE) return undefined;
  try {
    return Intl.getCanonicalLocales(text.trim().replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
