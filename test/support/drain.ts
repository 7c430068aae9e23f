import { setTimeout as wait } from 'node:timers/promises';
import { operator } from '../../server/commands/office.ts';
import { readSettings } from '../../server/config.ts';
import { openOffice } from '../../server/office.ts';
import { parsePosition } from '../../shared/position.ts';
import { listed, rowsOf } from '../../shared/rows.ts';
import type { Snapshot } from '../../shared/wire.ts';
import { until } from '../oracle/until.ts';
import { Herd } from './herd.ts';
import { type ServerProcess, startProcess } from './process.ts';

export interface DrainPlan {
  /** The store that both nodes share. */
  env: Record<string, string>;
  readers: number;
  /** Whether they are all at the node that goes, or half of them. */
  at: 'one' | 'both';
  drainMs: number;
  /** What the node that stays lets in a second. */
  limit: number;
  /** Headlines a second. */
  rate: number;
  heartbeatMs: number;
  /** So long whatever is before the nodes goes on sending readers to the one that is not ready any more. */
  lookMs: number;
}

export interface Drained {
  /** Readers who had to move, and milliseconds after SIGTERM at which each of them first got through to the other node. */
  moved: number;
  times: number[];
  refused: number;
  lost: number;
  back: number;
  /** Readers who do not show at the end what they should. */
  wrong: number;
  headlines: number;
  /** By the own view of the node that stays: readers let in, and the most of them in any one second. */
  accepted: number;
  most: number;
  /** The exit code of the node that went, and how long it took. */
  code: number | null;
  ms: number;
}

const BEFORE_MS = 1_000;
/** Who was refused comes back within the longest back-off. */
const AFTER_MS = 40_000;

/** Ends one of two nodes while headlines are published, under readers who have to move to the other. */
export async function drain({
  env,
  readers,
  at,
  drainMs,
  limit,
  rate,
  heartbeatMs,
  lookMs,
}: DrainPlan): Promise<Drained> {
  const all = { ...env, PORT: '0', DRAIN_MS: `${drainMs}`, MAX_READERS: '100000', HEARTBEAT_MS: `${heartbeatMs}` };
  const key = await addKey(env);
  const going = await startProcess({ ...all, ACCEPTS_PER_SECOND: '100000' });
  const counting = `--import ${new URL('accepts.ts', import.meta.url)}`;
  const staying = await startProcess({ ...all, ACCEPTS_PER_SECOND: `${limit}`, NODE_OPTIONS: counting });
  const nodes = [going, staying];
  let open = at === 'one' ? [going] : nodes;
  const herd = new Herd(() => urlOf(open[Math.floor(Math.random() * open.length)] ?? staying));
  const ended = new AbortController();
  try {
    await herd.grow(readers, limit);
    const publishing = publish(urlOf(staying), key, rate, ended.signal);
    // Looked at only when all is over.
    publishing.catch(() => {});
    await wait(BEFORE_MS);
    const seats = new Map(herd.moves.map(({ reader, node }) => [reader, node]));
    await acceptsOf(staying);
    const started = performance.now();
    const looking = look();
    const code = await going.end('SIGTERM');
    const ms = performance.now() - started;
    await looking;
    await wait(BEFORE_MS);
    await until(AFTER_MS, () => herd.live === readers);
    ended.abort();
    const { headlines, head } = await publishing;
    await until(AFTER_MS, () => herd.slowest >= head);
    const right = JSON.stringify(await shownBy(urlOf(staying)));
    const seated = [...seats.keys()].filter((reader) => seats.get(reader) === urlOf(going));
    const moves = herd.moves.filter((move) => move.at > started && move.node === urlOf(staying)).toReversed();
    const arrivals = new Map(moves.map(({ reader, at }) => [reader, at - started]));
    return {
      moved: seated.length,
      times: seated.flatMap((reader) => arrivals.get(reader) ?? []),
      refused: herd.refused,
      lost: herd.lost,
      back: herd.back,
      wrong: herd.shown.filter((shown) => shown !== right).length,
      headlines,
      ...(await acceptsOf(staying)),
      code,
      ms,
    };
  } finally {
    ended.abort();
    herd.stop();
    await Promise.all(nodes.map((node) => node.end('SIGKILL')));
  }

  /** Sends readers to ready nodes only, as far as it knows. */
  async function look(): Promise<void> {
    await wait(lookMs);
    open = [staying];
  }
}

interface Published {
  headlines: number;
  /** The number of the last. */
  head: number;
}

async function publish(url: string, key: string, rate: number, signal: AbortSignal): Promise<Published> {
  const published = { headlines: 0, head: 0 };
  for (; !signal.aborted; published.headlines++) {
    const [answer] = await Promise.all([post(url, key, `Headline ${published.headlines}`), wait(1_000 / rate)]);
    published.head = parsePosition(answer.position)?.seq ?? 0;
  }
  return published;
}

async function post(url: string, key: string, headline: string): Promise<{ position: string }> {
  const answer = await fetch(`${url}/v1/items`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ edition: 'en', headline }),
  });
  if (answer.status !== 201) throw new Error(`not published: ${await answer.text()}`);
  return (await answer.json()) as { position: string };
}

async function shownBy(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/v1/editions/en/snapshot`);
  return listed(rowsOf((await answer.json()) as Snapshot));
}

/** Since it was last asked. */
async function acceptsOf(node: ServerProcess): Promise<{ accepted: number; most: number }> {
  const said = node.said.length;
  const told = () => node.said.slice(said).find((line) => line.startsWith('{"accepted"'));
  node.signal('SIGUSR2');
  await until(5_000, () => told() !== undefined);
  return JSON.parse(told() ?? '{}');
}

async function addKey(env: Record<string, string>): Promise<string> {
  const { keys, engine } = await openOffice(readSettings(env));
  const { key } = await keys.add(operator(), { name: 'drain', role: 'editor', editions: ['en'] });
  await engine.close();
  return key;
}

/** `localhost` may be tried by another address first. */
function urlOf({ url }: ServerProcess): string {
  return url.replace('localhost', '127.0.0.1');
}
