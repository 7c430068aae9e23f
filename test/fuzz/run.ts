import { setTimeout as wait } from 'node:timers/promises';
import { operator } from '../../server/commands/office.ts';
import { readSettings } from '../../server/config.ts';
import { openOffice } from '../../server/office.ts';
import { Dice } from '../oracle/dice.ts';
import { until } from '../oracle/until.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { type Answer, answersIn, faultsOf, wordFor } from './answer.ts';
import { exchange } from './exchange.ts';
import { type Input, KINDS, type Kind, type Known, type Make } from './input.ts';
import { bodies } from './kinds/bodies.ts';
import { frames } from './kinds/frames.ts';
import { heads } from './kinds/heads.ts';
import { positions } from './kinds/positions.ts';
import { type Done, Model } from './model.ts';
import { type Gauge, Report } from './report.ts';
import { SteadyReader } from './steady.ts';

export interface Plan {
  /** The store, as settings. */
  env: Record<string, string>;
  seed: number;
  /** The first input, and how many. */
  from: number;
  rounds: number;
  /** So long the server is left alone before it is measured. */
  idleMs: number;
}

const MAKE: Record<Kind, Make> = { frames, heads, positions, bodies };
const LANES = 32;
/** A headline so often, for those who read steadily. */
const POST_MS = 50;
/** The first ones fill what is filled once: caches, pools, the tape. */
const WARM = 0.2;
const MOST_WARM = 20_000;
/** What may be held at the end that was not held after the warm-up. A leak of 1 KB an input is past both soon. */
const MOST_HEAP = 16 * 2 ** 20;
const MOST_RSS = 64 * 2 ** 20;

const SERVER = {
  ACCEPTS_PER_SECOND: '100000',
  MAX_READERS: '100000',
  LOG_LENGTH: '1000',
  LIFETIME_MS: '86400000',
  NODE_OPTIONS: `--import ${new URL('gauge.ts', import.meta.url)}`,
};

/** Sends what the seed decides to a server of its own, beside readers who must not notice. */
export async function fuzz({ env, seed, from, rounds, idleMs }: Plan): Promise<Report> {
  const report = new Report();
  const model = new Model();
  const key = await addKey(env);
  const server = await startProcess({ ...env, ...SERVER });
  const port = Number(new URL(server.url).port);
  let alive = true;
  void server.ended.then((code) => {
    if (alive) report.fault(`the server ended with ${code}: ${server.said.slice(-5).join('\n')}`);
    alive = false;
  });
  const url = `http://127.0.0.1:${port}`;
  const readers = (['ws', 'sse', 'poll'] as const).flatMap((kind) =>
    [undefined, 'rail'].map((tag) => new SteadyReader(url, kind, tag, (what) => report.fault(what))),
  );
  try {
    await until(10_000, () => readers.every(({ open }) => open));
    await post(0);
    const warm = Math.min(Math.floor(rounds * WARM), MOST_WARM);
    await send(from, from + warm);
    await wait(idleMs);
    if (alive) report.before = await still(server);
    await send(from + warm, from + rounds);
    await wait(idleMs);
    if (alive) report.after = await still(server, report.before?.open);
    judge();
  } finally {
    for (const reader of readers) reader.close();
    alive = false;
    await server.end('SIGKILL');
  }
  return report;

  async function send(first: number, end: number): Promise<void> {
    let next = first;
    let posting = true;
    const posts = (async () => {
      for (let at = first; posting && alive; at++) await Promise.all([post(at), wait(POST_MS)]);
    })();
    const lane = async () => {
      while (next < end && alive) await one(next++);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    posting = false;
    await posts;
    // Of the view as well, so that each of them can be seen to have arrived.
    await post(end);
    await until(10_000, () => readers.every((reader) => reader.seq >= model.head || !alive));
  }

  async function one(at: number): Promise<void> {
    const known: Known = { key, ids: model.ids, positions: model.positions };
    const dice = new Dice(seed * 1_000_003 + at);
    const kind = KINDS[at % KINDS.length] ?? 'frames';
    const input = MAKE[kind](dice, known);
    const complain = (what: string, bytes = '') =>
      report.fault(`${kind} ${at}: ${what}; sent ${excerpt(input)}${bytes && `; came ${bytes}`}; ${again(at)}`);
    report.sent.set(kind, (report.sent.get(kind) ?? 0) + 1);
    try {
      const heard = await exchange(port, input);
      const answers = answersIn(heard.bytes);
      if (answers.length === 0) report.count(kind, 'none');
      for (const answer of answers) {
        report.count(kind, wordFor(answer));
        for (const fault of faultsOf(kind, input, answer))
          complain(`the answer ${fault}`, `${heard.bytes}`.slice(0, 600));
        learn(kind, answer);
      }
      if (!heard.closed) complain('the connection stays open after our end');
      if (!heard.answered && !input.loose && input.end === 'fin') complain('there is no answer', `${heard.bytes}`);
    } catch (error) {
      complain((error as Error).message);
    }
  }

  /** What was acknowledged must reach those who read. */
  function learn(kind: Kind, { status, body }: Answer): void {
    if (kind !== 'bodies' || (status !== 200 && status !== 201)) return;
    model.acknowledged(JSON.parse(body.toString()) as Done);
    report.acknowledged++;
  }

  async function post(at: number): Promise<void> {
    const sent = fetch(`${url}/v1/items`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ edition: 'en', headline: `Meanwhile ${at}`, tags: ['Rail'] }),
    });
    const answer = await sent.catch((error: Error) => Response.json(error.message, { status: 599 }));
    if (answer.status !== 201) return report.fault(`a good headline was answered with ${await answer.text()}`);
    model.acknowledged((await answer.json()) as Done);
    report.acknowledged++;
  }

  function judge(): void {
    const { before, after } = report;
    for (const reader of readers) {
      reader.judge(model);
      report.received += reader.received;
    }
    for (const line of server.said.slice(1)) if (isFault(line)) report.fault(`the log says: ${line.slice(0, 1_000)}`);
    if (!before || !after || !alive) return;
    if (after.open > before.open) report.fault(`${after.open - before.open} descriptors more than before`);
    if (after.heap - before.heap > MOST_HEAP) report.fault('the heap has grown');
    if (after.rss - before.rss > MOST_RSS) report.fault('the resident memory has grown');
  }

  function again(at: number): string {
    return `again: npm run fuzz -- --seed ${seed} --from ${at} --rounds 1`;
  }
}

/** What the server holds when it has nothing to do. @param open waits for that few descriptors, as long as that may take */
async function still(server: ServerProcess, open = 0): Promise<Gauge> {
  let gauge = await ask();
  for (const end = Date.now() + 10_000; open > 0 && gauge.open > open && Date.now() < end; gauge = await ask())
    await wait(500);
  return gauge;

  async function ask(): Promise<Gauge> {
    const said = server.said.length;
    const told = () => server.said.slice(said).find((line) => line.startsWith('{"gauge"'));
    server.signal('SIGUSR2');
    await until(10_000, () => told() !== undefined);
    return JSON.parse(told() ?? '{"gauge":{}}').gauge;
  }
}

/** A warning of ours is no fault; an error of ours, and whatever Node says by itself, is. */
function isFault(line: string): boolean {
  if (line.startsWith('{"gauge"')) return false;
  if (!line.startsWith('{')) return /\bat |Warning|Error/.test(line);
  return JSON.parse(line).level >= 50;
}

async function addKey(env: Record<string, string>): Promise<string> {
  const { keys, engine } = await openOffice(readSettings(env));
  const { key } = await keys.add(operator(), { name: 'fuzz', role: 'chief', editions: ['*'] });
  await engine.close();
  return key;
}

function excerpt({ head, frames }: Input): string {
  const shown = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', 0, 700));
  return frames ? `${shown(head)}, then ${frames.toString('hex', 0, 200)}` : shown(head);
}
