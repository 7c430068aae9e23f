import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Duplex } from 'node:stream';
import type { Live } from '../arrival.ts';
import { Problem } from '../errors.ts';
import { webSocketGateway } from '../gateways/websocket.ts';
import type { Parts } from '../parts.ts';
import { ANY_SITE } from './any-site.ts';
import { answerProblem, refuseUpgrade } from './problem.ts';

/** What Express would say of an event stream. */
const STREAM_HEADERS = { ...ANY_SITE, 'X-Content-Type-Options': 'nosniff', Vary: 'Accept' };

/**
 * Takes the event streams that a browser asks for; all else goes on to `app`. What Express hangs on a request and its
 * response would stay in memory with each reader for hours.
 */
export function streamsFirst(parts: Parts, app: RequestListener): RequestListener {
  return (request, response) => {
    const asked = wantsStream(request) ? liveRequest(request, parts) : undefined;
    if (!asked) return app(request, response);
    for (const [name, value] of Object.entries(STREAM_HEADERS)) response.setHeader(name, value);
    const lastEventId = request.headers['last-event-id'];
    parts
      .sse(response, asked.edition, asked.query, Array.isArray(lastEventId) ? lastEventId[0] : lastEventId)
      .catch((error) => refuse(error, request, response));
  };

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent) response.destroy();
    else answerProblem(parts.log, error, request, response);
  }
}

/**
 * The listener for upgrades: to a WebSocket on a live address, to nothing else.
 *
 * @param isDue whether answers are still due on a connection
 */
export function upgrades(live: Live, isDue: (socket: Duplex) => boolean) {
  const gateway = webSocketGateway(live, refuseUpgrade);
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has taken its own listener off: a peer that resets the connection now would end the process.
    socket.on('error', destroy);
    if (isDue(socket)) return void socket.destroy();
    const asked = liveRequest(request, live);
    if (asked) void gateway(request, socket, head, asked.edition, asked.query);
    else refuseUpgrade(socket, new Problem('not-found', 'There is no live stream at this address.'));
  };
}

/**
 * Anything else, such as `h2c`, is an offer that a server may leave: the request is answered as it is. So is one with a
 * body, since what is wrong with that would be told among the frames.
 */
export function isWebSocket({ headers }: IncomingMessage): boolean {
  const empty = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
  return empty && headers.upgrade?.toLowerCase() === 'websocket';
}

/** As an `EventSource` does; whoever weighs several types is answered by Express. */
function wantsStream({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept === 'text/event-stream';
}

function liveRequest({ url = '' }: IncomingMessage, { followed }: Pick<Live, 'followed'>) {
  const [path = '', query] = url.split('?', 2);
  const [, edition] = /^\/v1\/editions\/([^/]+)\/live$/.exec(path) ?? [];
  if (edition === undefined || !followed.has(edition)) return undefined;
  return { edition, query: parse(query ?? '') };
}

function destroy(this: Duplex): void {
  this.destroy();
}
