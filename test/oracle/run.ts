import { setTimeout as wait } from 'node:timers/promises';
import { type Cdn, startCdn } from './cdn.ts';
import { Cluster } from './cluster.ts';
import { drainNode, killNode, restartQuietly } from './faults-node.ts';
import { slowSocket, trimUnderReader } from './faults-reader.ts';
import { cutAnnouncements, cutOff, killRedis, loseSuffix, pauseRedis, silenceAnnouncements } from './faults-store.ts';
import { judgeAll } from './finale.ts';
import { live } from './habits.ts';
import { importBulk, postFromOffice } from './office.ts';
import { type Fault, planOf } from './plan.ts';
import { Publishers } from './publisher.ts';
import { OracleReader } from './reader.ts';
import type { Stage } from './stage.ts';
import { pollSurfaces } from './surfaces.ts';
import { Verdict } from './verdict.ts';

const STRIKE: Partial<Record<Fault, (stage: Stage) => Promise<void>>> = {
  'announcements cut': cutAnnouncements,
  'announcements silent': silenceAnnouncements,
  'one node cut off from Redis': cutOff,
  'Redis paused': pauseRedis,
  'Redis killed and restarted': killRedis,
  'suffix lost, nodes alive': (stage) => loseSuffix(stage, false),
  'suffix lost, nodes restarted': (stage) => loseSuffix(stage, true),
  'log trimmed under a reader': trimUnderReader,
  'node killed mid-commit': killNode,
  'node drained mid-burst': drainNode,
  'restart with history, no new publish': restartQuietly,
  'slow socket': slowSocket,
};

/** One run, as its seed decides, and what came of it. Nothing that it started is left, whatever happens. */
export async function run(seed: number): Promise<Verdict> {
  const plan = planOf(seed);
  const verdict = new Verdict(plan);
  const cluster = await Cluster.start(plan);
  const caches: Cdn[] = [];
  const readers: OracleReader[] = [];
  const ended = new AbortController();
  try {
    const { dice } = plan;
    const node = () => dice.pick(cluster.urls);
    const [key] = await Promise.all([cluster.addKey(), ...cluster.nodes.map((_, at) => cluster.up(at))]);
    const publishers = new Publishers(verdict, key, node);
    for (let item = 0; item < plan.history; item++) await publishers.insist(publishers.post('en', dice));
    const stage = { verdict, cluster, publishers, readers, dice, addReader: (one: OracleReader) => readers.push(one) };
    for (const [at, each] of plan.readers.entries()) {
      const cache = each.staleMs === undefined ? undefined : await startCdn(verdict, each.staleMs, node);
      if (cache) caches.push(cache);
      const reader = new OracleReader(`reader ${at}`, each, verdict, { node, snapshots: () => cache?.url ?? node() });
      reader.wake();
      readers.push(reader);
    }
    publishers.start(plan.publishers, dice);
    const side = [
      pollSurfaces(stage, dice.fork(), ended.signal),
      ...readers.map((reader) => live(reader, dice.fork(), ended.signal)),
    ];
    await happen(stage);
    await publishers.stop();
    ended.abort();
    await Promise.all(side);
    await judgeAll(stage);
  } catch (error) {
    verdict.violated(`the run broke: ${(error as Error).stack}`);
  } finally {
    ended.abort();
    for (const reader of readers) reader.stop();
    for (const cache of caches) cache.close();
    await cluster.stop();
  }
  return verdict;
}

async function happen(stage: Stage): Promise<void> {
  const { plan } = stage.verdict;
  await wait(stage.dice.whole(150, 400));
  if (plan.engine === 'embedded') await postFromOffice(stage);
  for (const fault of plan.faults) {
    await STRIKE[fault]?.(stage);
    await wait(stage.dice.whole(50, 300));
    if (plan.bulk && fault === plan.faults[0]) await importBulk(stage);
  }
}
