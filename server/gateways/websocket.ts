import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Message } from '../../shared/wire.ts';
import { arrive, type Live } from '../arrival.ts';
import { Problem } from '../errors.ts';
import type { Fanout, Joining } from '../fanout.ts';
import type { Outlet, Reader } from '../reader.ts';
import type { Dialect } from '../tape.ts';

/** Clients need to send nothing, so what they send is bounded tightly: bytes in a message, and frames in a second. */
const LONGEST_MESSAGE = 1024;
const MOST_A_SECOND = 10;
/** Close codes of RFC 6455, 7.4.1. Too long a message closes with 1009 by `maxPayload`. */
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;

/** One unmasked text frame (RFC 6455, 5.2), ready to be written to any number of sockets. */
const webSocketDialect: Dialect = {
  encode(message: Message): Buffer {
    const payload = Buffer.from(JSON.stringify(message));
    return Buffer.concat([frameHead(payload.length), payload]);
  },
  /** A ping without a body. */
  probe: Buffer.from([0x89, 0]),
};

/**
 * Takes the `upgrade` requests of an HTTP server. Frames go as ready bytes to the socket that the event gave us, so one
 * encoding serves all; `ws` does the handshake, reads, and answers pings and closes.
 *
 * @param refuse answers a request that cannot be upgraded
 */
export function webSocketGateway(live: Live, refuse: (socket: Duplex, error: unknown) => void) {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: LONGEST_MESSAGE,
    WebSocket: ReaderSocket,
  });
  // Without it `ws` would answer in HTML.
  server.on('wsClientError', (error, socket) => refuse(socket, new Problem('bad-handshake', `${error.message}.`)));

  return async (request: IncomingMessage, socket: Duplex, head: Buffer, edition: string, query: unknown) => {
    try {
      const joining = await arrive(live, edition, query);
      const site = live.siteOf(request.headers, query);
      // The handshake, the greeting and what was missed leave in one write.
      socket.cork();
      server.handleUpgrade(request, socket, head, (ws) => ws.join(live.fanout, edition, socket, { ...joining, site }));
      socket.uncork();
    } catch (error) {
      refuse(socket, error);
    }
  };
}

/** A connection that is its reader's outlet: one object and no closure, since there are so many. */
class ReaderSocket extends WebSocket implements Outlet {
  #fanout: Fanout | undefined;
  #edition = '';
  #socket: Duplex | undefined;
  #reader: Reader | undefined;
  #full = false;
  /** The second that `#frames` were counted in. */
  #second = 0;
  #frames = 0;

  get dialect(): Dialect {
    return webSocketDialect;
  }

  join(fanout: Fanout, edition: string, socket: Duplex, joining: Joining): void {
    this.#fanout = fanout;
    this.#edition = edition;
    this.#socket = socket;
    this.#reader = fanout.join(edition, this, joining);
  }

  write(bytes: Buffer): boolean {
    if (!this.#socket || this.readyState !== WebSocket.OPEN) return false;
    if (this.#socket.write(bytes)) return true;
    if (!this.#full) this.#socket.once('drain', () => this.#onDrain());
    this.#full = true;
    return false;
  }

  end(): void {
    this.close(GOING_AWAY, 'going away');
  }

  cut(): void {
    this.terminate();
  }

  /** What `ws` has to tell. Listeners would be five more entries in the memory of each reader. */
  override emit(event: string | symbol, ...told: unknown[]): boolean {
    if (event === 'message') this.#onMessage(told[1] === true);
    else if (event === 'ping') this.#count();
    else if (event === 'pong') this.#onPong();
    else if (event === 'error') this.terminate();
    else if (event === 'close') this.#leave();
    return true;
  }

  #leave(): void {
    if (this.#reader) this.#fanout?.leave(this.#edition, this.#reader);
  }

  #onDrain(): void {
    this.#full = false;
    if (this.#reader && this.readyState === WebSocket.OPEN) this.#fanout?.resume(this.#edition, this.#reader);
  }

  #onMessage(isBinary: boolean): void {
    if (isBinary) this.close(UNSUPPORTED_DATA, 'text only');
    else this.#count();
  }

  #onPong(): void {
    if (this.#reader) this.#fanout?.heard(this.#reader);
    this.#count();
  }

  #count(): void {
    const second = Math.floor(performance.now() / 1000);
    if (this.#second !== second) this.#frames = 0;
    this.#second = second;
    if (++this.#frames > MOST_A_SECOND) this.close(POLICY_VIOLATION, 'too many messages');
  }
}

/** FIN and opcode 1, then the length in 7, 16 or 64 bits. */
function frameHead(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
