import { setTimeout as wait } from 'node:timers/promises';
import { listed, rowsOf, SHOWN } from '../../shared/rows.ts';
import type { Snapshot } from '../../shared/wire.ts';
import { expectedHeld, expectedListed, expectedRows, heldRows } from './expected.ts';
import { EDITIONS, type ReaderPlan } from './plan.ts';
import type { OracleReader } from './reader.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const SETTLE_MS = 12_000;

/** When all is whole again and nobody publishes: everybody has to come to hold what the model says. */
export async function judgeAll(stage: Stage): Promise<void> {
  const { verdict, readers } = stage;
  await wait(pinsEndIn(stage));
  for (const each of verdict.model.contradictions()) verdict.violated(each);
  for (const reader of readers) {
    reader.world.resume();
    reader.wake();
  }
  const settled = await until(SETTLE_MS, () => readers.every((reader) => wrongWith(stage, reader) === undefined));
  if (!settled)
    for (const reader of readers) {
      const wrong = wrongWith(stage, reader);
      if (wrong) verdict.violated(`${reader.name} ${JSON.stringify(reader.plan)} ${wrong}`);
    }
  for (const reader of readers) reader.judge();
  // What no reader looks at may take a moment longer.
  let wrong: string[] = [];
  await until(SETTLE_MS, async () => {
    wrong = await judgeSnapshots(stage);
    return wrong.length === 0;
  });
  for (const each of wrong) verdict.violated(each);
  await judgeItems(stage);
}

function wrongWith({ verdict: { model } }: Stage, { plan, rows, settled }: OracleReader): string | undefined {
  if (!settled || !rows) return 'is not connected';
  const due = expectedRows(model, plan.edition, plan.view);
  const held = difference(heldRows(model, rows.entries.values(), plan.view), expectedHeld(due, rows.floor), true);
  if (held) return `holds, at ${rows.position}: ${held}`;
  const shown = difference(heldRows(model, listed(rows), plan.view), expectedListed(due, SHOWN), false);
  return shown && `shows, at ${rows.position}: ${shown}`;
}

/** Pins that end soon end first: a commit of nobody's asking would come between. */
function pinsEndIn({ verdict: { model } }: Stage): number {
  const now = Date.now();
  const ends = [...model.items.keys()].map((number) => (model.versions(number).at(-1)?.pinnedUntil ?? now) - now);
  return Math.max(0, ...ends.filter((ms) => ms < 5_000));
}

/** What every node gives to whoever comes now, of each edition and view. */
async function judgeSnapshots({ verdict, cluster }: Stage): Promise<string[]> {
  const wrongs: string[] = [];
  const views: ReaderPlan['view'][] = [undefined, { tag: 'alpha' }, { tag: 'beta' }, { section: 'war' }];
  for (const node of cluster.urls)
    for (const edition of EDITIONS)
      for (const view of views) {
        const address = `${node}/v1/editions/${edition}/snapshot?${new URLSearchParams({ limit: '100', ...view })}`;
        const rows = rowsOf((await (await fetch(address)).json()) as Snapshot, view !== undefined);
        const due = expectedHeld(expectedRows(verdict.model, edition, view), rows.floor);
        const wrong = difference(heldRows(verdict.model, rows.entries.values(), view), due, true);
        if (wrong) wrongs.push(`${address} has ${wrong}`);
      }
  return wrongs;
}

/** Whatever was acknowledged and not lost is there, wherever it stands in the rows. */
async function judgeItems({ verdict, cluster }: Stage): Promise<void> {
  const [node = ''] = cluster.urls;
  await Promise.all(
    [...verdict.model.items.values()].map(async ({ id, number }) => {
      const response = await fetch(`${node}/v1/items/${id}`);
      const version = verdict.model.versions(number).at(-1);
      const body = await response.json();
      const due = { published: 200, withheld: 404, killed: 410 }[version?.state ?? 'withheld'];
      if (response.status !== due) verdict.violated(`item ${number} is answered with ${response.status}, not ${due}`);
      else if (due === 200 && (body.revision !== version?.revision || body.headline !== version?.headline))
        verdict.violated(`item ${number} is "${body.headline}" r${body.revision}, not r${version?.revision}`);
    }),
  );
}

function difference(found: string[], due: string[], sorted: boolean): string | undefined {
  const [a, b] = sorted ? [found.toSorted(), due.toSorted()] : [found, due];
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  const [extra, missing] = [a.filter((row) => !b.includes(row)), b.filter((row) => !a.includes(row))];
  if (extra.length + missing.length === 0) return `another order: ${a.join(' | ')}, due ${b.join(' | ')}`;
  return `too much: [${extra.join(' | ')}], too little: [${missing.join(' | ')}]`;
}
