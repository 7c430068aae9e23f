import { expect, it } from 'vitest';
import { Audience } from '../../server/audience.ts';
import type { Fanout } from '../../server/fanout.ts';
import type { Records, Stored } from '../../server/records.ts';
import { ManualClock } from '../support/clock.ts';

const TELL_MS = 5_000;

/** Records in memory, on which each put can be watched and made to fail or to hang. */
class TestRecords implements Pick<Records, 'get' | 'put' | 'list'> {
  readonly held = new Map<string, Stored>();
  readonly puts: { id: string; value: unknown; lifeMs: number | undefined }[] = [];
  before: () => Promise<void> = async () => {};

  async get(_kind: string, id: string): Promise<Stored | undefined> {
    return this.held.get(id);
  }

  async put(_kind: string, id: string, value: unknown, expects: number, lifeMs?: number): Promise<boolean> {
    this.puts.push({ id, value, lifeMs });
    await this.before();
    if ((this.held.get(id)?.version ?? 0) !== expects) return false;
    this.held.set(id, { version: expects + 1, value });
    return true;
  }

  async list(): Promise<(Stored & { id: string })[]> {
    return [...this.held].map(([id, stored]) => ({ id, ...stored }));
  }
}

function node() {
  const records = new TestRecords();
  const clock = new ManualClock();
  const counts = { sites: [{ site: 'news.example', readers: 1 }], sent: [] };
  const fanout = { audience: () => counts } as unknown as Fanout;
  const audience = new Audience({ records, fanout, editions: ['en'], clock });
  const tick = () => {
    clock.advance(TELL_MS);
    return settled();
  };
  return { records, counts, audience, tick };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const told = (readers: number) => ({ en: { sites: [{ site: 'news.example', readers }], sent: [] } });

it('tells what has changed, and else no more than what keeps its word alive', async () => {
  const { records, counts, tick } = node();
  await tick();
  expect(records.puts).toMatchObject([{ value: told(1), lifeMs: 15_000 }]);
  await tick();
  expect(records.puts).toHaveLength(1);
  await tick();
  expect(records.puts).toHaveLength(2);
  counts.sites = [{ site: 'news.example', readers: 2 }];
  await tick();
  expect(records.puts[2]).toMatchObject({ value: told(2) });
  expect([...records.held.values()]).toEqual([{ version: 3, value: told(2) }]);
});

it('tells again what the store did not take, and begins anew when its record has ended', async () => {
  const { records, tick } = node();
  records.before = () => Promise.reject(new Error('away'));
  await tick();
  await tick();
  expect(records.puts).toHaveLength(2);
  records.before = async () => {};
  await tick();
  records.held.clear();
  await tick();
  await tick();
  expect([...records.held.values()]).toEqual([{ version: 1, value: told(1) }]);
});

it('waits for one word to be told before it tells the next', async () => {
  const { records, counts, tick } = node();
  const hang = Promise.withResolvers<void>();
  records.before = () => hang.promise;
  await tick();
  counts.sites = [];
  await tick();
  expect(records.puts).toHaveLength(1);
  hang.resolve();
  await settled();
  await tick();
  expect(records.puts).toHaveLength(2);
});

it('takes its word back at the end, where it has told any', async () => {
  const silent = node();
  await silent.audience.close();
  expect(silent.records.puts).toEqual([]);
  const { records, tick, audience } = node();
  await tick();
  await audience.close();
  expect(records.puts[1]).toMatchObject({ value: {}, lifeMs: 1 });
  await tick();
  expect(records.puts).toHaveLength(2);
});

it('adds up what the nodes told: readers as a sum, the time as the longest', async () => {
  const { records, audience, counts } = node();
  const sent = (at: number, readers: number, ms: number) => ({ id: 'a', revision: 1, at, readers, ms });
  Object.assign(counts, { sent: [sent(2_000, 5, 30)] });
  const other = {
    en: {
      sites: [{ site: 'b.example', readers: 3 }],
      sent: [{ ...sent(3_000, 1, 1), revision: 2 }, sent(1_000, 7, 20)],
    },
    uk: { sites: [{ site: 'gone.example', readers: 3 }], sent: [] },
  };
  records.held.set('other', { version: 1, value: other });
  records.held.set('of another version', { version: 1, value: { en: { sites: 'many' } } });
  expect(await audience.now()).toEqual({
    editions: [
      {
        id: 'en',
        readers: 4,
        sites: [
          { site: 'b.example', readers: 3 },
          { site: 'news.example', readers: 1 },
        ],
        sent: [
          { id: 'a', revision: 2, at: '1970-01-01T00:00:03.000Z', readers: 1, ms: 1 },
          { id: 'a', revision: 1, at: '1970-01-01T00:00:01.000Z', readers: 12, ms: 30 },
        ],
      },
    ],
    nodes: 3,
  });
});
