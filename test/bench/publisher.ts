import { setMaxListeners } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Publication } from './payload.ts';
import type { Peer } from './peers/peer.ts';

/** Who has not answered so long after the last publication was due is too slow for the rate. */
const GRACE_MS = 10_000;

export interface Published {
  count: number;
  acknowledged: number;
  /** Milliseconds from the moment a publication was due to its acknowledgement. */
  answered: { p50: number; p99: number };
}

/**
 * Posts `rate` publications a second, each when it is due, whether or not those before it were answered. The time that
 * readers measure from is the time it was due, so a publisher that is held up shows.
 */
export async function publish(
  peer: Peer,
  { rate, seconds, from, tags }: { rate: number; seconds: number; from: number; tags?: readonly string[] },
): Promise<Published> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const count = Math.round(rate * seconds);
  const given = new AbortController();
  setMaxListeners(0, given.signal);
  const times: number[] = [];
  const start = process.hrtime.bigint() + 50_000_000n;
  const posts: Promise<void>[] = [];
  for (let at = 0; at < count; at++) {
    const due = start + BigInt(Math.round((at * 1e9) / rate));
    const early = Number(due - process.hrtime.bigint()) / 1e6;
    if (early > 1) await wait(early);
    const publication = { number: from + at, sent: due, ...(tags && { tags }) };
    posts.push(
      post(peer, publication, { agent, signal: given.signal }).then(
        () => void times.push(Number(process.hrtime.bigint() - due) / 1e6),
        () => undefined,
      ),
    );
  }
  const grace = setTimeout(() => given.abort(), GRACE_MS);
  await Promise.all(posts);
  clearTimeout(grace);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? Number.NaN;
  return { count, acknowledged: times.length, answered: { p50: at(0.5), p99: at(0.99) } };
}

function post(
  { port, door }: Peer,
  publication: Publication,
  how: { agent: Agent; signal: AbortSignal },
): Promise<void> {
  const body = door.body(publication);
  return new Promise((resolve, reject) => {
    const headers = { ...door.headers, 'Content-Length': Buffer.byteLength(body) };
    const asked = request({ host: '127.0.0.1', port, path: door.path, method: 'POST', headers, ...how }, (answer) => {
      answer.resume();
      if ((answer.statusCode ?? 500) < 300) answer.on('end', resolve);
      else reject(new Error(`refused: ${answer.statusCode}`));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
