import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another site: whatever is put on it, under the headers that it is given. */
export interface Site {
  /** Of another host than the service's, so that a browser keeps them apart. */
  url: string;
  put: (html: string, headers?: Record<string, string>) => void;
  close: () => void;
}

export async function openSite(): Promise<Site> {
  let page = { html: '', headers: {} as Record<string, string> };
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    put(html, headers = {}) {
      page = { html, headers };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
