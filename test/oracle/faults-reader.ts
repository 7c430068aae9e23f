import { seqOf } from './expected.ts';
import { OracleReader } from './reader.ts';
import { idle, type Stage } from './stage.ts';
import { until } from './until.ts';

/** Away until the log no longer goes back to where the reader stands. */
export async function trimUnderReader(stage: Stage): Promise<void> {
  const { verdict } = stage;
  const sleeper = idle(stage).find(({ plan }) => plan.edition === 'en');
  if (sleeper?.position === undefined) return;
  sleeper.sleep();
  const due = seqOf(sleeper.position) + Math.ceil(verdict.plan.logLength * 1.3);
  const trimmed = await until(8_000, () => verdict.model.head('en') >= due);
  sleeper.wake();
  const before = sleeper.resets.length;
  await until(4_000, () => sleeper.resets.length > before);
  verdict.fire('log trimmed under a reader', trimmed && sleeper.resets.length > before);
}

/** The largest notice there may be, so that one item's revisions fill any buffer. */
const NOTICE = '𝔸'.repeat(500);
const REVISIONS = 85;

/**
 * A reader that does not read while an item is corrected again and again. When it reads again it must be told the last
 * revision, and that not all were sent to it is how it is known that its connection was full.
 */
export async function slowSocket(stage: Stage): Promise<void> {
  const { verdict, cluster, publishers, dice } = stage;
  const kind = dice.pick(['ws', 'sse'] as const);
  const plan = { kind, edition: 'uk', habit: 'steady', bare: true } as const;
  const node = dice.pick(cluster.urls);
  const there = () => (cluster.urls.includes(node) ? node : dice.pick(cluster.urls));
  const sources = { node: there, snapshots: there };
  const [slow, other] = [
    new OracleReader('slow', plan, verdict, sources),
    new OracleReader('not slow', plan, verdict, sources),
  ];
  for (const reader of [slow, other]) {
    reader.wake();
    stage.addReader(reader);
  }
  if (!(await until(3_000, () => slow.settled && other.settled))) return;
  slow.world.stall();
  const { act, path, body } = publishers.post('uk', dice);
  if (!(await publishers.insist({ act, path, body }))) return;
  const id = verdict.model.items.get(act.item)?.id ?? '';
  for (let revision = 2; revision <= REVISIONS; revision++) {
    const fields = { headline: `${act.fields?.headline} v${revision}` };
    const changes = { kind: 'correction', changes: fields, notice: NOTICE, revision: revision - 1 };
    await publishers.insist({
      act: { kind: 'amend', item: act.item, revision, fields },
      path: `/v1/items/${id}/amend`,
      body: changes,
    });
  }
  const due = verdict.model.head('uk');
  await until(3_000, () => other.watch?.reached(due) ?? false);
  const [before, stood] = [slow.changesOf(id), slow.position];
  slow.world.resume();
  await until(4_000, () => slow.watch?.reached(due) ?? false);
  const skipped = slow.changesOf(id) < other.changesOf(id);
  verdict.fire('slow socket', before < other.changesOf(id) && slow.position !== stood && skipped);
  // Nobody else has to carry it about any longer.
  await publishers.insist({
    act: { kind: 'kill', item: act.item },
    path: `/v1/items/${id}/kill`,
    body: { notice: 'Enough.' },
  });
}
