import { delivery, type Options, ratios, repeat } from '../runs.ts';
import { printTarget } from '../table.ts';
import { printFigures } from './deliver.ts';

const TEN_TAGS = ['Zelenskyy', 'France', 'Energy', 'Paris', 'Winter', 'Talks', 'Grid', 'Allies', 'Kyiv', 'Europe'];
const LIVE = '/v1/editions/en/live';

/** What a delivery costs when there are many more readers. */
export async function growth({ readers: many = 15_000, runs, rate = 10, seconds = 20 }: Options): Promise<void> {
  const few = Math.round(many / 15);
  const name = (readers: number) => `${readers} readers`;
  const cases = [few, many].map((readers) => ({
    ...delivery('motograph', { readers, rate, seconds }),
    name: name(readers),
  }));
  const results = await repeat(cases, runs);
  printFigures(results, name(few));
  const cpu = ratios(results, name(many), name(few), ({ perDelivery }) => perDelivery);
  printTarget(`CPU per delivery at ${many} readers, to that at ${few}`, cpu, 1.15);
  const net = ratios(results, name(many), name(few), ({ perDeliveryNet }) => perDeliveryNet);
  printTarget('the same without publishing', net, 1.15);
}

/** Readers of ten tags, against as many readers of one. Every item has all ten tags, so as much is delivered. */
export async function views({ readers = 5_000, rate = 10, seconds = 20, runs }: Options): Promise<void> {
  const load = { readers, rate, seconds, tags: TEN_TAGS };
  const paths = TEN_TAGS.map((tag) => `${LIVE}?tag=${tag.toLowerCase()}`);
  const results = await repeat(
    [
      { ...delivery('motograph', { ...load, paths: paths.slice(0, 1) }), name: 'one tag' },
      { ...delivery('motograph', { ...load, paths }), name: 'ten tags' },
    ],
    runs,
  );
  printFigures(results, 'one tag');
  const cpu = ratios(results, 'ten tags', 'one tag', ({ perDelivery }) => perDelivery);
  printTarget('CPU per delivery of ten views, to that of one', cpu, 1.2);
}
