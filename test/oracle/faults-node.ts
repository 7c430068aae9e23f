import { setTimeout as wait } from 'node:timers/promises';
import { seqOf } from './expected.ts';
import { idle, type Stage } from './stage.ts';
import { until } from './until.ts';

export async function killNode(stage: Stage): Promise<void> {
  const { cluster, publishers, verdict, dice } = stage;
  const at = dice.whole(0, cluster.nodes.length - 1);
  const before = publishers.broken;
  await until(2_000, () => publishers.flying > 0);
  await cluster.down(at, 'SIGKILL');
  await until(500, () => publishers.broken > before);
  verdict.fire('node killed mid-commit', publishers.broken > before);
  await wait(dice.whole(0, 300));
  await cluster.up(at);
}

export async function drainNode(stage: Stage): Promise<void> {
  const { cluster, readers, verdict, dice } = stage;
  const at = dice.whole(0, cluster.nodes.length - 1);
  const url = cluster.nodes[at]?.process?.url ?? '';
  const seated = readers.filter(({ watch }) => watch?.isAt(url));
  const told = () => seated.reduce((sum, { world: { drops, goaways } }) => sum + drops + goaways, 0);
  const [acts, before] = [verdict.model.acts.length, told()];
  // With nobody else to serve, readers and publishers wait for the next one.
  const code = await cluster.down(at, 'SIGTERM');
  if (code !== 0) verdict.violated(`a node that was told to stop ended with ${code}`);
  await cluster.up(at);
  await until(2_000, () => told() > before && verdict.model.acts.length > acts);
  verdict.fire('node drained mid-burst', told() > before && verdict.model.acts.length > acts);
}

/** Everybody is new but the readers, and nothing new is said: what they missed must come all the same. */
export async function restartQuietly(stage: Stage): Promise<void> {
  const { cluster, publishers, verdict, dice } = stage;
  const sleepers = idle(stage).slice(0, 3);
  for (const sleeper of sleepers) sleeper.sleep();
  const acts = verdict.model.acts.length;
  await until(3_000, () => verdict.model.acts.length >= acts + 3);
  await publishers.stop();
  const urls = cluster.urls;
  await cluster.restartAll(dice.pick(['SIGTERM', 'SIGKILL']));
  const missed = sleepers.filter(
    ({ plan, position }) => position !== undefined && seqOf(position) < verdict.model.head(plan.edition),
  );
  for (const sleeper of sleepers) sleeper.wake();
  const served = await until(3_000, () => missed.some(({ watch }) => (watch?.heard ?? 0) > 0));
  verdict.fire('restart with history, no new publish', served && !cluster.urls.some((url) => urls.includes(url)));
}
