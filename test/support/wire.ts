import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { freePort } from './redis/ready.ts';

/** A way to a server that can be long, or go dead as networks do: connections stay open and nothing gets through. */
export interface Wire {
  readonly url: string;
  /** Nothing more gets through the connections there are, or through those that have said `words`; new ones work. */
  freeze(words?: string): void;
  close(): void;
}

/** `delayMs`: how much later each byte arrives, either way. */
export async function startWire(to: string, delayMs = 0): Promise<Wire> {
  const target = new URL(to);
  const sockets = new Map<Socket, { said: string }>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const both = { said: '' };
    near.on('data', (data) => {
      if (both.said.length < 1_000) both.said += data;
    });
    for (const socket of [near, far]) {
      sockets.set(socket, both);
      socket.on('error', () => {});
    }
    near.pipe(delay(delayMs)).pipe(far);
    far.pipe(delay(delayMs)).pipe(near);
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze(words = '') {
      for (const [socket, { said }] of sockets)
        if (said.includes(words)) socket.unpipe().removeAllListeners('data').pause();
    },
    close() {
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
    },
  };
}

function delay(ms: number): Transform {
  return new Transform({
    transform(chunk, _, done) {
      if (ms === 0) return done(null, chunk);
      setTimeout(done, ms, null, chunk);
      return undefined;
    },
  });
}
