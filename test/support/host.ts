import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of another origin. What it says, and under which headers, is up to the test. */
export interface Host {
  readonly url: string;
  show(body: string, headers?: Record<string, string>): void;
  close(): void;
}

export async function startHost(): Promise<Host> {
  let said = '';
  let under: Record<string, string> = {};
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...under }).end(said);
  });
  await new Promise<void>((done) => server.listen(0, done));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    show(body, headers = {}) {
      said = `<!doctype html><html lang="en"><head><title>A page</title></head><body>${body}</body></html>`;
      under = headers;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
