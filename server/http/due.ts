import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Whether an answer is still due on a connection. To an upgrade that came behind its request it would be written as if
 * it were frames, since Node answers in order but upgrades at once.
 */
export function watchDue(server: Server): (socket: Duplex) => boolean {
  // Answers go out in order: once the last one has, all have.
  const last = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => last.set(socket, response));
  return (socket) => last.get(socket)?.writableFinished === false;
}
