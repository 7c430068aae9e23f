import { join } from 'node:path';
import { type Child, start } from '../child.ts';
import { message } from '../payload.ts';
import { compiled } from '../readers.ts';
import type { Peer, StartPeer } from './peer.ts';

const BENCH = join(import.meta.dirname, '..');
/** The newest build of uWebSockets.js in the registry that asks no newer C library than Debian 12's is one for Node 22. */
const NODE_22 = join(BENCH, 'node_modules/node/bin/node');

export const naive = server('ws', [process.execPath, join(BENCH, 'servers/naive.ts')], {});
export const uws = server('uWebSockets.js', [NODE_22, join(BENCH, 'servers/uws.ts')], {});
export const socketIo = server('Socket.IO', [process.execPath, join(BENCH, 'servers/socket-io.ts')], {
  kind: 'eio',
  path: '/socket.io/?EIO=4&transport=websocket',
});
export const floor: StartPeer = async () => ready('floor', start([compiled('floor')]), {});

function server(name: string, command: string[], how: Partial<Peer>): StartPeer {
  return async () => ready(name, start(command), how);
}

async function ready(name: string, child: Child, how: Partial<Peer>): Promise<Peer> {
  const [, port] = await child.said(/"port":(\d+)/);
  return {
    name,
    port: Number(port),
    pids: [child.pid],
    kind: 'ws',
    path: '/',
    ready: 0,
    door: { path: '/publish', headers: {}, body: message },
    stop: child.stop,
    ...how,
  };
}
