import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Engine, EngineUnavailable, type Rows, type RowsQuery } from '../../server/engine.ts';
import { likeness, sameAddress, trigramsOf } from '../../server/likeness.ts';
import { Similar } from '../../server/similar.ts';
import type { Item } from '../../shared/item.ts';
import { ManualClock } from '../support/clock.ts';
import { following } from '../support/follow.ts';
import { idOf, itemOf, ScriptedLog } from '../support/log.ts';

const HOUR = 3600_000;

/** An edition whose store shows what its log comes to, and `archive`, which the log no longer tells of. */
async function edition(archive: Item[] = []) {
  const log = new ScriptedLog();
  const followed = await following(log);
  const { script, tape, clock, follow, onMove } = followed;
  const asked: RowsQuery[] = [];
  /** How many entries the rows are short of, and what happens once they are read. */
  const rows = { lag: 0, meanwhile: async (): Promise<void> => {} };
  const engine = {
    ...script.engine,
    async rows(_edition: string, query: RowsQuery): Promise<Rows> {
      asked.push(query);
      const cut = rowsOf(archive, log, log.entries.length - rows.lag, query);
      await rows.meanwhile();
      return cut;
    },
  } as Engine;
  const similar = new Similar(engine, new Map([['en', { tape, follow }]]), clock);
  onMove.mockImplementation(() => similar.moved('en'));
  const find = (headline: string, url = '') => similar.find('en', { headline, url });
  const ids = async (headline: string, url?: string) => (await find(headline, url)).map(({ item }) => item.id);
  const apply = async (change: () => unknown) => {
    change();
    await follow.refresh();
  };
  return { log, script, clock, rows, asked, find, ids, apply };
}

function rowsOf(archive: Item[], log: ScriptedLog, length: number, { limit, before }: RowsQuery): Rows {
  const entries = log.entries.slice(0, length);
  const newest = new Map(entries.map((entry) => [entry.id, entry]));
  const items = [...newest.values()]
    .flatMap(({ shown }): Item[] => (shown?.state === 'published' ? [shown.item] : []))
    .concat(archive)
    .sort((a, b) => place(b).localeCompare(place(a)))
    .filter((item) => !before || place(item) < place(before));
  const { seq, mark } = entries.at(-1) ?? { seq: 0, mark: '0'.repeat(40) };
  return { position: { epoch: log.epoch, seq, mark }, items: items.slice(0, limit), more: items.length > limit };
}

const place = ({ publishedAt, id }: { publishedAt: string; id: string }) => `${publishedAt} ${id}`;

/** A headline like no other. */
const distinct = (number: number) => createHash('sha1').update(String(number)).digest('hex');

describe('an address', () => {
  it.each([
    'https://news.example/a?id=1#top',
    'http://news.example/a?id=1',
    'HTTPS://NEWS.example/a/?id=1',
    'https://news.example:443/a//?id=1&utm_source=x&UTM_medium=y',
    ' https://news.example/a?utm_campaign=%D0%B0&id=1 ',
  ])('is the same as %s', (url) => {
    expect(sameAddress(url)).toBe(sameAddress('https://news.example/a?id=1'));
  });

  it.each([
    'https://news.example/a',
    'https://news.example/A?id=1',
    'https://news.example/a?id=2',
    'https://news.example/b?id=1',
    'https://www.news.example/a?id=1',
    'https://news.example:8080/a?id=1',
  ])('is another one than %s', (url) => {
    expect(sameAddress(url)).not.toBe(sameAddress('https://news.example/a?id=1'));
  });

  it.each(['', 'news', 'https://', 'ftp://news.example/', 'javascript:alert(1)'])('is none: %j', (url) => {
    expect(sameAddress(url)).toBeUndefined();
  });
});

/** The first is the example of PostgreSQL's own documentation. */
it.each([
  ['word', 'two words', 4 / 11],
  ['Parliament votes', 'parliament VOTES!', 1],
  ['Потяги знову їздять', 'потяги знову їздять', 1],
  ['Рада ухвалила бюджет', 'Рада ухвалила бюджет на 2027 рік', 21 / 32],
  ['Київ', 'Львів', 0],
  ['Ё', 'ё', 1],
  ['', '', 0],
  ['…', '—', 0],
  ['abc', 'xyz', 0],
])('likens %j to %j by %d', (one, other, similarity) => {
  expect(likeness(trigramsOf(one), trigramsOf(other))).toBeCloseTo(similarity, 10);
  expect(likeness(trigramsOf(other), trigramsOf(one))).toBeCloseTo(similarity, 10);
});

it('finds the same address, and headlines that are mostly the same, the best first', async () => {
  const { log, find } = await edition();
  const url = 'https://news.example/a';
  log.publish(itemOf(1, { headline: 'Рада ухвалила бюджет на 2027 рік у цілому' }));
  log.publish(itemOf(2, { headline: 'Про щось зовсім інше', url: `${url}/?utm_source=rss` }));
  log.publish(itemOf(3, { headline: 'Рада ухвалила бюджет' }));
  log.publish(itemOf(4, { headline: 'Рада не голосувала', url: 'https://news.example/b' }));
  expect(await find('Рада ухвалила бюджет на 2027 рік', url)).toEqual([
    { item: expect.objectContaining({ id: idOf(2) }), why: 'url', similarity: 1 },
    { item: expect.objectContaining({ id: idOf(1) }), why: 'headline', similarity: 32 / 40 },
    { item: expect.objectContaining({ id: idOf(3) }), why: 'headline', similarity: 21 / 32 },
  ]);
  expect(await find('Рада')).toEqual([]);
  expect(await find('', '')).toEqual([]);
});

it('finds three at most, and of those alike the newest', async () => {
  const { log, ids } = await edition();
  for (const number of [1, 4, 3, 2]) log.publish(itemOf(number, { headline: 'Air alert in Kyiv' }));
  expect(await ids('Air alert in Kyiv')).toEqual([4, 3, 2].map(idOf));
});

it('forgets what is older than 48 hours', async () => {
  const { log, clock, ids, apply } = await edition();
  const at = (ms: number) => new Date(clock.now() + ms).toISOString();
  log.publish(itemOf(1, { headline: distinct(1), publishedAt: at(-48 * HOUR - 1) }));
  log.publish(itemOf(2, { headline: distinct(2), publishedAt: at(-48 * HOUR) }));
  expect([await ids(distinct(1)), await ids(distinct(2))]).toEqual([[], [idOf(2)]]);
  await apply(() => log.publish(itemOf(1, { headline: distinct(1), publishedAt: at(-49 * HOUR), revision: 2 })));
  await apply(() => log.publish(itemOf(3, { headline: distinct(3), publishedAt: at(0) })));
  expect([await ids(distinct(1)), await ids(distinct(3))]).toEqual([[], [idOf(3)]]);
  clock.advance(1);
  expect([await ids(distinct(2)), await ids(distinct(3))]).toEqual([[], [idOf(3)]]);
});

it('follows each change without reading the store again', async () => {
  const { log, asked, ids, apply } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  expect(await ids(distinct(1))).toEqual([idOf(1)]);
  await apply(() => log.publish(itemOf(2, { headline: distinct(2) })));
  expect(await ids(distinct(2))).toEqual([idOf(2)]);
  await apply(() => log.publish(itemOf(2, { headline: distinct(3), revision: 2 })));
  expect([await ids(distinct(2)), await ids(distinct(3))]).toEqual([[], [idOf(2)]]);
  await apply(() => log.hold(idOf(2), 3));
  expect(await ids(distinct(3))).toEqual([]);
  await apply(() => log.publish(itemOf(2, { headline: distinct(3), revision: 4 })));
  expect(await ids(distinct(3))).toEqual([idOf(2)]);
  await apply(() => log.kill(idOf(2), 5));
  await apply(() => log.kill(idOf(1), 2));
  expect([await ids(distinct(3)), await ids(distinct(1))]).toEqual([[], []]);
  expect(asked).toHaveLength(1);
});

it('reads the store once for all who ask at a time, and not before anybody does', async () => {
  const { log, asked, ids, apply } = await edition();
  await apply(() => log.publish(itemOf(1, { headline: distinct(1) })));
  expect(asked).toHaveLength(0);
  expect(await Promise.all([ids(distinct(1)), ids(distinct(1))])).toEqual([[idOf(1)], [idOf(1)]]);
  expect(asked).toHaveLength(1);
});

/** One each `ms`, the newest with the number 1. */
const archiveOf = (count: number, ms: number): Item[] =>
  Array.from({ length: count }, (_, at) => {
    const publishedAt = new Date(new ManualClock().now() - (at + 1) * ms).toISOString();
    return itemOf(at + 1, { headline: distinct(at + 1), publishedAt });
  });

it('reads page after page, back to 48 hours', async () => {
  const { asked, ids } = await edition(archiveOf(3_600, 60_000));
  expect(await ids(distinct(2_880))).toEqual([idOf(2_880)]);
  expect(await ids(distinct(2_881))).toEqual([]);
  expect(asked).toHaveLength(6);
});

it('keeps the newest 5,000', async () => {
  const { log, asked, ids, apply } = await edition(archiveOf(5_600, 1_000));
  expect([await ids(distinct(5_000)), await ids(distinct(5_001))]).toEqual([[idOf(5_000)], []]);
  await apply(() => log.publish(itemOf(0, { headline: distinct(0) })));
  expect([await ids(distinct(0)), await ids(distinct(4_999))]).toEqual([[idOf(0)], [idOf(4_999)]]);
  expect(await ids(distinct(5_000))).toEqual([]);
  expect(asked).toHaveLength(10);
});

it('is not ahead of a kill that lands while the store is read', async () => {
  const { log, rows, ids, apply } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  log.publish(itemOf(2, { headline: distinct(2) }));
  rows.meanwhile = () => apply(() => log.entries.length === 2 && log.kill(idOf(1), 2));
  expect(await ids(distinct(1))).toEqual([]);
  expect(await ids(distinct(2))).toEqual([idOf(2)]);
});

it('is not ahead of a kill that the rows do not show yet', async () => {
  const { log, rows, ids, apply } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  await apply(() => log.hold(idOf(1), 2));
  rows.lag = 1;
  expect(await ids(distinct(1))).toEqual([]);
});

it.each([
  ['a bulk', (log: ScriptedLog) => log.publish(itemOf(2, { headline: distinct(2) }), true)],
  [
    'another life of the log',
    (log: ScriptedLog) => {
      log.epoch = 'epoch1';
      log.entries = [];
      log.publish(itemOf(2, { headline: distinct(2) }));
    },
  ],
])('starts anew after %s', async (_what, change) => {
  const { log, asked, ids, apply } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  await ids('');
  await apply(() => change(log));
  expect(asked).toHaveLength(1);
  expect(await ids(distinct(2))).toEqual([idOf(2)]);
  expect(await ids(distinct(1))).toEqual(log.epoch === 'epoch1' ? [] : [idOf(1)]);
  expect(asked).toHaveLength(2);
});

it('shows nothing of another life of the log as long as the tape cannot follow it there', async () => {
  const { log, script, ids, apply } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  await apply(() => log.kill(idOf(1), 2));
  log.epoch = 'epoch1';
  log.entries.pop();
  log.publish(itemOf(2, { headline: distinct(2) }));
  script.failing = true;
  await expect(ids(distinct(1))).rejects.toThrow(EngineUnavailable);
  script.failing = false;
  expect(await ids(distinct(2))).toEqual([idOf(2)]);
});

it('waits for the tape to follow into another life that the rows are of already', async () => {
  const { log, ids } = await edition();
  log.publish(itemOf(1, { headline: distinct(1) }));
  log.epoch = 'epoch1';
  expect(await ids(distinct(1))).toEqual([idOf(1)]);
});

it('compares with 2,000 headlines between two keystrokes', async () => {
  const words = 'Рада ухвалила бюджет Київ обстріл енергетика потяги рух відновлено міністр заявив партнери'.split(' ');
  const headline = (number: number) => Array.from({ length: 9 }, (_, at) => words[(number * (at + 3)) % 12]).join(' ');
  const archive = archiveOf(2_000, 1_000).map((item, at) => ({ ...item, headline: headline(at) }));
  const { find } = await edition(archive);
  await find('');
  const before = process.cpuUsage();
  for (let time = 0; time < 20; time++) expect(await find(headline(time))).toHaveLength(3);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 20 / 1000).toBeLessThan(50);
});
