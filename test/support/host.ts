import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another site. What stands on it, and under which headers, is up to the test. */
export interface Host {
  /** Of another name than the service's, so that a browser keeps them apart. */
  readonly url: string;
  /** A page with that for its body. */
  show(body: string, headers?: Record<string, string>): void;
  /** A file, to the letter. */
  put(html: string, headers?: Record<string, string>): void;
  close(): void;
}

export async function startHost(): Promise<Host> {
  let said = '';
  let under: Record<string, string> = {};
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...under }).end(said);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const put: Host['put'] = (html, headers = {}) => {
    said = html;
    under = headers;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show(body, headers) {
      put(`<!doctype html><html lang="en"><head><title>A page</title></head><body>${body}</body></html>`, headers);
    },
    put,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
