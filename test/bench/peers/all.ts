import { embedded, onRedis } from './motograph.ts';
import { nchan } from './nchan.ts';
import { floor, naive, socketIo, uws } from './node.ts';
import type { StartPeer } from './peer.ts';

/** By the word on the command line. */
export const PEERS: Record<string, StartPeer> = {
  motograph: embedded,
  redis: onRedis,
  ws: naive,
  'socket.io': socketIo,
  uws,
  nchan,
  floor,
};
