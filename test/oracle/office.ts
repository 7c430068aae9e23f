import { v7 } from 'uuid';
import { motograph } from '../support/process.ts';
import { canary } from './canary.ts';
import type { Act } from './model.ts';
import { SECTIONS, TAGS } from './plan.ts';
import type { Stage } from './stage.ts';

/** More lines than are told one by one. */
const LINES = 60;

/** Items of the past, from a process of its own: readers get one reset in their place. */
export async function importBulk({ verdict, cluster, dice }: Stage): Promise<void> {
  const { model } = verdict;
  const lines = Array.from({ length: LINES }, (_, at) => {
    const number = model.number();
    const time = Date.now() - dice.whole(0, 120) * 60_000 - at;
    const fields = { headline: `Past ${canary(number)}`, tags: dice.some(TAGS, 1), section: dice.pick(SECTIONS) };
    return { number, fields, id: v7({ msecs: time }), publishedAt: new Date(time).toISOString() };
  });
  model.bulks.add('en');
  const input = lines.map(({ fields, id, publishedAt }) =>
    JSON.stringify({ edition: 'en', id, publishedAt, ...fields }),
  );
  const { code, stderr } = await motograph(['import', '-'], cluster.env(), input.join('\n'));
  if (code !== 0) return void verdict.violated(`an import ended with ${code}: ${stderr}`);
  for (const { number, fields, id, publishedAt } of lines) {
    const act: Act = { kind: 'publish', item: number, revision: 1, fields };
    model.acknowledge(act, { id, edition: 'en', publishedAt });
  }
}

/** One headline from another process than the one that readers are at. */
export async function postFromOffice({ verdict, cluster }: Stage): Promise<void> {
  const item = verdict.model.number();
  const headline = `Story ${canary(item)}`;
  const { code, stdout, stderr } = await motograph(['post', 'en', headline], cluster.env());
  if (code !== 0) return void verdict.violated(`a post from the command line ended with ${code}: ${stderr}`);
  const done = JSON.parse(stdout);
  verdict.model.acknowledge(
    { kind: 'publish', item, revision: 1, fields: { headline } },
    { ...done.item, position: done.position },
  );
}
