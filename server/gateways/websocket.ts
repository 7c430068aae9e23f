import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Message } from '../../shared/wire.ts';
import { arrive, type Live } from '../arrival.ts';
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
  });
  const seats = new WeakMap<object, Seat>();

  return async (request: IncomingMessage, socket: Duplex, head: Buffer, edition: string, query: unknown) => {
    try {
      const joining = await arrive(live, edition, query);
      server.handleUpgrade(request, socket, head, (ws) => {
        const outlet = new WebSocketOutlet(ws, socket as Socket);
        ws.on('error', terminate);
        const seat = { edition, reader: live.fanout.join(edition, outlet, joining), second: 0, frames: 0 };
        seats.set(ws, seat).set(socket, seat);
        ws.on('close', onClose);
        ws.on('message', onMessage);
        ws.on('ping', onPing);
        ws.on('pong', onPong);
        socket.on('drain', onDrain);
      });
    } catch (error) {
      refuse(socket, error);
    }
  };

  function onClose(this: WebSocket): void {
    const seat = seats.get(this);
    if (seat) live.fanout.leave(seat.edition, seat.reader);
  }

  function onMessage(this: WebSocket, _data: unknown, isBinary: boolean): void {
    if (isBinary) this.close(UNSUPPORTED_DATA, 'text only');
    else count(this);
  }

  function onPing(this: WebSocket): void {
    count(this);
  }

  function onPong(this: WebSocket): void {
    const seat = seats.get(this);
    if (seat) live.fanout.heard(seat.reader);
    count(this);
  }

  function count(ws: WebSocket): void {
    const seat = seats.get(ws);
    if (!seat) return;
    const second = Math.floor(performance.now() / 1000);
    if (seat.second !== second) Object.assign(seat, { second, frames: 0 });
    if (++seat.frames > MOST_A_SECOND) ws.close(POLICY_VIOLATION, 'too many messages');
  }

  function onDrain(this: object): void {
    const seat = seats.get(this);
    if (seat?.reader.full) live.fanout.resume(seat.edition, seat.reader);
  }
}

interface Seat {
  edition: string;
  reader: Reader;
  /** The second that `frames` were counted in. */
  second: number;
  frames: number;
}

class WebSocketOutlet implements Outlet {
  readonly dialect = webSocketDialect;
  readonly #ws: WebSocket;
  readonly #socket: Socket;

  constructor(ws: WebSocket, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
  }

  write(bytes: Buffer): boolean {
    return this.#ws.readyState === WebSocket.OPEN && this.#socket.write(bytes);
  }

  close(): void {
    this.#ws.close(GOING_AWAY, 'going away');
  }

  cut(): void {
    this.#ws.terminate();
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

function terminate(this: WebSocket): void {
  this.terminate();
}
