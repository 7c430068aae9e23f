import { setTimeout as wait } from 'node:timers/promises';
import { imageOf, warpTo } from '../support/redis/image.ts';
import type { Store } from './cluster.ts';
import { idle, type Stage } from './stage.ts';
import { until } from './until.ts';

/** A node reads the head each second though nobody wakes it. */
const DEAF_MS = 3_000;

function storeOf({ cluster }: Stage): Store {
  if (!cluster.store) throw new Error('no Redis in this run');
  return cluster.store;
}

export async function cutAnnouncements(stage: Stage): Promise<void> {
  const { admin } = storeOf(stage);
  // After another fault the links may still be on their way back.
  let killed = 0;
  await until(1_000, async () => {
    killed = Number(await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    return killed > 0;
  });
  await wait(stage.dice.whole(0, 200));
  stage.verdict.fire('announcements cut', killed > 0);
}

/** Nobody is told that the link is dead: readers must hear all the same, within the time of a head check. */
export async function silenceAnnouncements(stage: Stage): Promise<void> {
  const { cluster, verdict, readers } = stage;
  const at = stage.dice.whole(0, cluster.nodes.length - 1);
  const { link, process } = cluster.nodes[at] ?? {};
  if (!link || !process) return;
  const before = link.swallowed;
  // After another fault the link may still be on its way back.
  if (!(await until(1_000, () => link.silence('announcements') > 0))) return;
  const news = () => verdict.model.acts.findLast((act) => act.edition === 'en');
  const last = news();
  await until(2_000, () => news() !== last);
  const act = news();
  if (!act || act === last) return;
  const listening = readers.filter(({ plan, watch }) => plan.edition === 'en' && watch?.isAt(process.url));
  const heard = await until(DEAF_MS, () =>
    listening.every(({ watch, world }) => world.stalled || !watch?.isAt(process.url) || watch.reached(act.seq)),
  );
  if (!heard) verdict.violated(`${process.url}: a reader had not heard of number ${act.seq} after ${DEAF_MS} ms`);
  verdict.fire('announcements silent', await until(1_000, () => link.swallowed > before));
}

/** It cannot know what the others do, so it must not send anybody back who has heard of it from them. */
export async function cutOff({ cluster, verdict, dice }: Stage): Promise<void> {
  const { link, process } = dice.pick(cluster.nodes);
  if (!link || !process) return;
  const before = verdict.model.head('en');
  link.down();
  await until(2_000, () => verdict.model.head('en') > before + 3);
  await wait(dice.whole(0, 600));
  const ready = await fetch(`${process.url}/readyz`).then(({ ok }) => ok);
  link.up();
  verdict.fire('one node cut off from Redis', !ready);
}

export async function pauseRedis(stage: Stage): Promise<void> {
  const { redis, admin } = storeOf(stage);
  const ms = stage.dice.whole(100, 900);
  const asked = performance.now();
  await redis.pause();
  const answered = admin.ping();
  await wait(ms);
  await redis.resume();
  await answered;
  stage.verdict.fire('Redis paused', performance.now() - asked >= ms);
}

export async function killRedis(stage: Stage): Promise<void> {
  const { admin } = storeOf(stage);
  const before = await runId(admin);
  await stage.cluster.restartStore(() => wait(stage.dice.whole(0, 200)));
  stage.cluster.openLinks();
  stage.verdict.fire('Redis killed and restarted', (await runId(admin)) !== before);
}

/** @param restart whether no node is left that remembers */
export async function loseSuffix(stage: Stage, restart: boolean): Promise<void> {
  const { verdict, publishers, cluster, dice } = stage;
  const { admin } = storeOf(stage);
  const { model } = verdict;
  await publishers.pause();
  const kept = model.acts.length;
  const image = await imageOf(admin);
  publishers.resume();
  const lost = dice.whole(2, 25);
  await until(4_000, () => model.acts.length >= kept + lost);
  await publishers.pause();
  // Somebody who saw what will be lost, and sleeps until all the numbers are used again.
  idle(stage)[0]?.sleep();
  const before = model.head('en');
  if (restart) await Promise.all(cluster.nodes.map((_, at) => cluster.down(at, 'SIGKILL')));
  await cluster.restartStore(async () => {});
  await warpTo(admin, image);
  const gone = model.lose(kept);
  verdict.bans.clear();
  cluster.openLinks();
  const words = restart ? 'suffix lost, nodes restarted' : 'suffix lost, nodes alive';
  verdict.fire(words, gone > 0 && model.head('en') < before);
  if (restart) await Promise.all(cluster.nodes.map((_, at) => cluster.up(at)));
  // The nodes may find out before or after there is something new.
  if (dice.chance(0.5)) await wait(dice.whole(0, 1_200));
  publishers.resume();
  const reused = model.reused();
  if (dice.chance(0.7)) await until(4_000, () => model.head('en') >= before);
  verdict.fire('numbers used again', model.reused() > reused);
}

async function runId(admin: Store['admin']): Promise<string> {
  return /run_id:(\w+)/.exec(await admin.info('server'))?.[1] ?? '';
}
