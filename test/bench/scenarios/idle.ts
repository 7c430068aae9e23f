import { connect } from '../measure.ts';
import type { Peer } from '../peers/peer.ts';
import { publish } from '../publisher.ts';
import { middle, type Options, ratios, repeat, withPeer } from '../runs.ts';
import { median, printTable, printTarget } from '../table.ts';

/** The collector has been by and buffers were given back. */
const LATER_MS = 20_000;
const MISSED = 10;
const OTHERS: Record<string, string> = { 'socket.io': 'Socket.IO', ws: 'ws', uws: 'uWebSockets.js', nchan: 'nchan' };

type Cost = Pick<Awaited<ReturnType<typeof connect>>, 'perConnection' | 'perReader'>;

/** What a reader costs who only waits, and what it costs to let one in. */
export async function idle({ readers = 5_000, runs, peers = Object.keys(OTHERS) }: Options): Promise<void> {
  const bare = (peer: Peer) => hold(peer, { count: readers });
  const sse = (peer: Peer) => hold(peer, { count: readers, kind: 'sse' });
  const resumed = async (peer: Peer) => {
    const path = `${peer.path}?since=${await missed(peer)}`;
    return hold(peer, { count: readers, paths: [path], ready: 1 + MISSED });
  };
  const results = await repeat<Cost>(
    [
      { name: 'WebSocket', run: () => withPeer('motograph', bare) },
      { name: 'WebSocket, ten missed', run: () => withPeer('motograph', resumed) },
      { name: 'SSE', run: () => withPeer('motograph', sse) },
      ...peers.map((peer) => ({ name: OTHERS[peer] ?? peer, run: () => withPeer(peer, bare) })),
    ],
    runs,
  );
  const rows = [...results].map(([name, all]) => [
    name,
    Math.round(middle(all, ({ perConnection }) => perConnection)),
    median(ratios(results, name, 'Socket.IO', ({ perConnection }) => perConnection)),
    middle(all, ({ perReader }) => perReader),
  ]);
  printTable(['', 'µs/connection', 'to Socket.IO', 'KiB/reader'], rows);
  const kib = (name: string) => (results.get(name) ?? []).map(({ perReader }) => perReader);
  printTarget('KiB for an idle WebSocket reader', kib('WebSocket'), 10);
  printTarget('KiB for an idle SSE reader', kib('SSE'), 20);
  if (!results.has('Socket.IO')) return;
  const entering = ratios(results, 'WebSocket, ten missed', 'Socket.IO', ({ perConnection }) => perConnection);
  printTarget("CPU per connection, ten missed entries included, to Socket.IO's bare one", entering, 0.35);
}

async function hold(peer: Peer, wanted: { count: number; kind?: Peer['kind']; paths?: string[]; ready?: number }) {
  const { readers, ...cost } = await connect(peer, { messages: 1_000, ...wanted }, LATER_MS);
  await readers.stop();
  return cost;
}

/** A position, after which ten items are published. */
async function missed(peer: Peer): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${peer.port}/v1/editions/en/snapshot`);
  const { position } = (await answer.json()) as { position: string };
  await publish(peer, { rate: MISSED, seconds: 1, from: 0 });
  return position;
}
