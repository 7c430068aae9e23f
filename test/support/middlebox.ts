import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** What stands between many readers and the web: each of these is in use somewhere. */
export interface Middlebox {
  readonly url: string;
  /** Lets no WebSocket through. */
  blocksSockets: boolean;
  /** Holds back an event stream until it has ended, which it never does. */
  buffersStreams: boolean;
  /** Answered in place of the server, while it is set, to who asks for a snapshot. */
  busy: { status: number; headers: Record<string, string> } | undefined;
  /** What went through, by path and kind. */
  readonly seen: string[];
  close(): void;
}

export async function startMiddlebox(to: string): Promise<Middlebox> {
  const target = new URL(to);
  const server = createServer(pass);
  server.on('upgrade', (incoming, near, head) => {
    if (proxy.blocksSockets) {
      near.destroy();
      return;
    }
    proxy.seen.push('websocket');
    const far = connect(Number(target.port), target.hostname);
    const lines = incoming.rawHeaders.map((text, at) => (at % 2 ? `${text}\r\n` : `${text}: `)).join('');
    far.write(`GET ${incoming.url} HTTP/1.1\r\n${lines}\r\n`);
    far.write(head);
    near.pipe(far).pipe(near);
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy: Middlebox = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    blocksSockets: false,
    buffersStreams: false,
    busy: undefined,
    seen: [],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = incoming;
    if (proxy.busy && url.includes('/snapshot')) {
      proxy.seen.push('busy');
      response.writeHead(proxy.busy.status, { 'Access-Control-Allow-Origin': '*', ...proxy.busy.headers }).end();
      return;
    }
    const outgoing = request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      const streams = answer.headers['content-type']?.startsWith('text/event-stream');
      proxy.seen.push(
        streams ? 'stream' : url.includes('wait=') ? 'poll' : url.includes('/snapshot') ? 'snapshot' : url,
      );
      if (streams && proxy.buffersStreams) {
        answer.resume();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    outgoing.end();
  }
}
