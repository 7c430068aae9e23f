import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';
import type { Network } from '../../server/unfurl/network.ts';

/** Of somebody on the internet. */
export const PUBLIC = '93.184.215.14';

/**
 * An internet that is one machine: whatever address is dialled, over real sockets, it is the one that answers. So a
 * page that must not be reached is reached, unless nobody dials.
 */
export class TestWeb implements Network {
  /** Every address that somebody connected to. */
  readonly dialled: string[] = [];
  readonly asked: IncomingMessage[] = [];
  /** What a name stands for, one answer after the other; the last one stays. Any other name is public. */
  readonly names = new Map<string, string[][]>();
  readonly #answers = new Map<string, RequestListener>();
  readonly #servers: Server[] = [];
  readonly #ports = new Map<string, string>();
  readonly #connect = buildConnector({ allowH2: false });

  /** @param certified what the machine shows of itself over https */
  static async open(certified?: ServerOptions): Promise<TestWeb> {
    const web = new TestWeb();
    const answer: RequestListener = (request, response) => web.#answer(request, response);
    await web.#listen('http:', createServer(answer));
    if (certified) await web.#listen('https:', createSecureServer(certified, answer));
    return web;
  }

  /** Says what is at an address; anywhere else is `else`. */
  on(address: string, answer: RequestListener): void {
    this.#answers.set(address, answer);
  }

  /** A page, with the status 200 unless its headers are those of a redirect. */
  show(address: string, body: string | Buffer, headers: Record<string, string> = {}): void {
    this.on(address, (_request, response) => {
      response.writeHead(headers.Location ? 302 : 200, { 'Content-Type': 'text/html', ...headers }).end(body);
    });
  }

  /** Leads from one address to another. */
  lead(address: string, location: string): void {
    this.show(address, '', { Location: location });
  }

  async resolve(hostname: string): Promise<string[]> {
    if (/^[\d.]+$|:/.test(hostname)) return [hostname];
    const answers = this.names.get(hostname) ?? [[PUBLIC]];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  }

  connect(options: buildConnector.Options, addresses: readonly string[], done: buildConnector.Callback): void {
    this.dialled.push(...addresses);
    this.#connect({ ...options, hostname: '127.0.0.1', port: this.#ports.get(options.protocol) ?? '' }, done);
  }

  /** How many connections to it there are. */
  async connections(): Promise<number> {
    const counts = this.#servers.map(
      (server) => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #listen(protocol: string, server: Server): Promise<void> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    this.#servers.push(server);
    this.#ports.set(protocol, String((server.address() as AddressInfo).port));
  }

  #answer(...[request, response]: Parameters<RequestListener>): void {
    this.asked.push(request);
    const answer = this.#answers.get(`${request.headers.host}${request.url}`) ?? this.#answers.get('else');
    if (answer) answer(request, response);
    else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<title>Nothing here</title>');
  }
}
