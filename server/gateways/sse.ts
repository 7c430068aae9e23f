import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Message } from '../../shared/wire.ts';
import { arrive, type Live } from '../arrival.ts';
import type { Outlet, Reader } from '../reader.ts';
import type { Dialect } from '../tape.ts';

/** One event (HTML, 9.2.6). JSON holds no line break, so one `data` line is always enough. */
const sseDialect: Dialect = {
  encode(message: Message): Buffer {
    const id = 'position' in message ? `id: ${message.position}\n` : '';
    return Buffer.from(`event: ${message.type}\n${id}data: ${JSON.stringify(message)}\n\n`);
  },
};

/**
 * Answers with an event stream. After the head, events go as ready bytes to the response's socket: `Connection: close`
 * and no chunks, so the bytes need no frame of their own.
 */
export function sseGateway(live: Live) {
  const seats = new WeakMap<Socket, { edition: string; reader: Reader }>();

  return async (response: ServerResponse, edition: string, query: unknown, lastEventId: string | undefined) => {
    const joining = await arrive(live, edition, query, lastEventId);
    const { socket } = response;
    // No socket: it is gone, or a pipelined response before this one still has it.
    if (!socket || socket.destroyed || seats.has(socket)) return void response.destroy();
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      Connection: 'close',
    });
    response.flushHeaders();
    const outlet = new SseOutlet(socket);
    socket.on('drain', onDrain);
    socket.on('close', onClose);
    seats.set(socket, { edition, reader: live.fanout.join(edition, outlet, joining) });
  };

  function onClose(this: Socket): void {
    const seat = seats.get(this);
    if (seat) live.fanout.leave(seat.edition, seat.reader);
  }

  function onDrain(this: Socket): void {
    const seat = seats.get(this);
    if (seat?.reader.full) live.fanout.resume(seat.edition, seat.reader);
  }
}

class SseOutlet implements Outlet {
  readonly dialect = sseDialect;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(bytes: Buffer): boolean {
    return this.#socket.writable && this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.end();
  }

  cut(): void {
    this.#socket.destroy();
  }
}
