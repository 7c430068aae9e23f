import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../support/redis/ready.ts';

interface Pair {
  near: Socket;
  far: Socket;
  /** What the client called itself. */
  role: string;
  silent: boolean;
}

/** The network between a node and its store: it can be taken away, and one kind of connection can go dumb. */
export interface Link {
  readonly url: string;
  /** Bytes that the store sent and nobody got. */
  swallowed: number;
  /** From now on nothing gets through the open connections of that role, and nobody is told. Gives how many. */
  silence(role: string): number;
  /** Ends all connections and lets nobody in, until `up`. */
  down(): void;
  up(): void;
  close(): void;
}

export async function startLink(to: string): Promise<Link> {
  const target = new URL(to);
  const pairs = new Set<Pair>();
  let open = true;
  const server = createServer((near) => {
    if (!open) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const pair: Pair = { near, far, role: '', silent: false };
    pairs.add(pair);
    near.on('data', (data) => {
      if (pair.role === '') pair.role = /motograph-(\w+)/.exec(String(data))?.[1] ?? '';
      if (!pair.silent) far.write(data);
    });
    far.on('data', (data) => {
      if (pair.silent) link.swallowed += data.length;
      else near.write(data);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {});
      // Silence hides the end of a connection too.
      socket.on('close', () => {
        if (pair.silent && socket === far) return;
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const end = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  const link: Link = {
    url: `redis://127.0.0.1:${port}`,
    swallowed: 0,
    silence(role) {
      const found = [...pairs].filter((pair) => pair.role === role);
      for (const pair of found) pair.silent = true;
      return found.length;
    },
    down() {
      open = false;
      end();
    },
    up() {
      open = true;
    },
    close() {
      server.close();
      end();
    },
  };
  return link;
}
