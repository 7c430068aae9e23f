import { Agent, type buildConnector, type Dispatcher, interceptors, request } from 'undici';
import { WebUrl } from '../shared/item.ts';
import type { Clock } from './clock.ts';
import { Problem } from './errors.ts';
import { isPublic } from './unfurl/address.ts';
import { decoded } from './unfurl/charset.ts';
import type { Network } from './unfurl/network.ts';
import { type Page, type Unfurled, unfurledOf } from './unfurl/page.ts';

/** All in all: somebody who has pasted a link waits for it. */
const LIMIT_MS = 2_000;
/** The head of a page is within it; what comes behind is not read. */
const LARGEST_PAGE = 256 * 1024;
const MOST_REDIRECTS = 3;
/** At once: each may hold a page in memory, and whoever may ask may ask often. */
const MOST_PAGES = 16;
const REDIRECTS = [301, 302, 303, 307, 308];
const PAGES = /^(text\/html|application\/xhtml\+xml)\s*(;|$)/i;
const HEAD_END = /<\/head|<body/i;
/** Longer than what `HEAD_END` looks for, which may come in two pieces. */
const SEAM = 8;

/** All that the other end learns of us. */
const HEADERS = {
  accept: 'text/html,application/xhtml+xml',
  'accept-encoding': 'gzip, br',
  'user-agent': 'Mozilla/5.0 (compatible; Motograph link preview)',
};

/** Where pages for the public are. At other ports, and behind passwords, are a house's own machines. */
export const PageAddress = WebUrl.refine((url) => !URL.parse(url)?.port, 'names a port; leave it out');

/**
 * Tells what is at an address, for somebody who pastes a link. The address is a stranger's, and so is each one that it
 * leads to: the page is fetched without cookies, and from no machine that only we can reach. What a host's name stands
 * for is looked at for each connection, which then goes to just that: a moment later the name may lead elsewhere.
 */
export class Unfurl {
  readonly #network: Network;
  readonly #clock: Clock;
  #pages = 0;

  constructor(network: Network, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  /** @throws Problem `not-unfurled`, whatever the cause: to tell them apart would tell of our own network */
  async at(address: string): Promise<Unfurled> {
    const page = this.#pages < MOST_PAGES ? await this.#fetched(address) : undefined;
    const unfurled = page && unfurledOf(page);
    if (!unfurled)
      throw new Problem('not-unfurled', 'No page could be read there in 2 seconds. Fill in the fields by hand.');
    return unfurled;
  }

  async #fetched(address: string): Promise<Page | undefined> {
    const agent = new Agent({ connect: this.#connect, pipelining: 0 });
    const stop = this.#clock.after(LIMIT_MS, () => void agent.destroy());
    this.#pages += 1;
    try {
      return await pageAt(address, agent.compose(interceptors.decompress()));
    } catch {
      // The network's, or the other end's doing.
      return undefined;
    } finally {
      this.#pages -= 1;
      stop();
      void agent.destroy();
    }
  }

  readonly #connect: buildConnector.connector = (options, done) => {
    this.#publicAddresses(options.hostname)
      .then((addresses) => this.#network.connect(options, addresses, done))
      .catch((error) => done(error, null));
  };

  /** @throws Error when one of them is not public: a name that leads into our network is up to no good elsewhere either */
  async #publicAddresses(hostname: string): Promise<string[]> {
    const addresses = await this.#network.resolve(hostname);
    if (addresses.length > 0 && addresses.every(isPublic)) return addresses;
    throw new Error('no public address');
  }
}

async function pageAt(address: string, dispatcher: Dispatcher): Promise<Page | undefined> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS && PageAddress.safeParse(url.href).success; redirects++) {
    const { statusCode, headers, body } = await request(url, { dispatcher, headers: HEADERS });
    if (REDIRECTS.includes(statusCode)) {
      url = new URL(one(headers.location), url);
      continue;
    }
    const type = one(headers['content-type']);
    if (statusCode !== 200 || !PAGES.test(type)) return undefined;
    return { url, html: decoded(await headOf(body), type), language: one(headers['content-language']) };
  }
  return undefined;
}

/** The start of a page, to the end of its head where that is near. */
async function headOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of body) {
    const seam = Math.max(0, bytes.length - SEAM);
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= LARGEST_PAGE || HEAD_END.test(bytes.toString('latin1', seam))) break;
  }
  return bytes.subarray(0, LARGEST_PAGE);
}

/** A header that was sent several times counts once. */
function one(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
