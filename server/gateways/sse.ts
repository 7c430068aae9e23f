import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Message } from '../../shared/wire.ts';
import { arrive, type Live } from '../arrival.ts';
import type { Fanout, Joining } from '../fanout.ts';
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
  const seats = new WeakMap<Socket, SseOutlet>();

  return async (response: ServerResponse, edition: string, query: unknown, lastEventId: string | undefined) => {
    const joining = await arrive(live, edition, query, { lastEventId });
    const { socket } = response;
    // No socket: it is gone, or a pipelined response before this one still has it.
    if (!socket || socket.destroyed || seats.has(socket)) return void response.destroy();
    // The head, the greeting and what was missed leave in one write.
    socket.cork();
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      Connection: 'close',
    });
    response.flushHeaders();
    const site = live.siteOf(response.req.headers, query);
    seats.set(socket, new SseOutlet(socket, live.fanout, edition, { ...joining, site }));
    socket.on('close', onClose);
    socket.uncork();
  };

  function onClose(this: Socket): void {
    seats.get(this)?.leave();
  }
}

class SseOutlet implements Outlet {
  readonly #socket: Socket;
  readonly #fanout: Fanout;
  readonly #edition: string;
  readonly #reader: Reader;
  #full = false;

  constructor(socket: Socket, fanout: Fanout, edition: string, joining: Joining) {
    this.#socket = socket;
    this.#fanout = fanout;
    this.#edition = edition;
    this.#reader = fanout.join(edition, this, joining);
  }

  get dialect(): Dialect {
    return sseDialect;
  }

  write(bytes: Buffer): boolean {
    if (!this.#socket.writable) return false;
    if (this.#socket.write(bytes)) return true;
    if (!this.#full) this.#socket.once('drain', () => this.#onDrain());
    this.#full = true;
    return false;
  }

  end(): void {
    this.#socket.end();
  }

  cut(): void {
    this.#socket.destroy();
  }

  leave(): void {
    this.#fanout.leave(this.#edition, this.#reader);
  }

  #onDrain(): void {
    this.#full = false;
    this.#fanout.resume(this.#edition, this.#reader);
  }
}
