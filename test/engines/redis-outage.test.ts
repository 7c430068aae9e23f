import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Change, type Engine, EngineUnavailable, type Outcome } from '../../server/engine.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { amendment, changeOf, commit, content, EDITION, publish, publishOf, tag } from '../contract/engine/given.ts';
import { officeAct } from '../contract/records/given.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startWire } from '../support/wire.ts';

const SOON = { timeout: 10_000, interval: 20 };
const unknownOutcome = {
  name: EngineUnavailable.name,
  message: expect.stringMatching(/outcome unknown, retry with the same key/),
};

let redis: TestRedis;
let admin: Redis;
let engine: Engine;
let open: (url?: string) => Promise<Engine>;
const opened: Engine[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  admin = new Redis(redis.url);
  admin.on('error', () => {});
  const prefix = v7();
  open = async (url = redis.url) => {
    const one = await openRedis({ url, prefix, editions: [EDITION], logLength: 1_000 });
    opened.push(one);
    return one;
  };
  engine = await open();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  admin.disconnect();
});

function keyed(): Change {
  return changeOf(v7(), { action: 'publish', content: content() }, { name: v7(), request: 'r' });
}

/** As a caller does who wants to know: the same change, with the same key, until there is an answer. */
function insist(change: Change): Promise<Outcome> {
  return vi.waitFor(() => engine.commit(change), SOON);
}

/** The engines' connections of that role, as the server names them. */
async function idsOf(role: string): Promise<string[]> {
  const clients = String(await admin.client('LIST')).split('\n');
  const ours = clients.filter((line) => line.includes(`name=motograph-${role}`));
  return ours.map((line) => /^id=(\d+)/.exec(line)?.[1] ?? '');
}

async function cut(role: string): Promise<void> {
  const ids = await idsOf(role);
  expect(ids).not.toStrictEqual([]);
  for (const id of ids) await admin.client('KILL', 'ID', id);
}

it('goes on after the scripts were flushed', async () => {
  const { id, position } = await publish(engine, { tags: [tag('War')] });
  const flushed = async <T>(call: () => Promise<T>) => {
    await admin.script('FLUSH');
    return call();
  };
  await flushed(() => commit(engine, id, amendment(1)));
  expect(await flushed(() => engine.commitBulk([publishOf(), publishOf()]))).toMatchObject([
    { done: true },
    { done: true },
  ]);
  expect((await flushed(() => engine.read(EDITION, undefined, 10))).head.seq).toBe(4);
  expect((await flushed(() => engine.rows(EDITION, { limit: 10 }))).items).toHaveLength(3);
  expect(await flushed(() => engine.find(id))).toMatchObject({ item: { revision: 2 } });
  expect(await flushed(() => engine.records.put('kind', 'id', 1, 0))).toBe(true);
  expect(await flushed(() => engine.rotate(EDITION, position))).toBe(position.epoch);
  await flushed(() => commit(engine, id, { action: 'kill', notice: 'N' }));
});

it.each(['reads', 'writes'])('goes on after its connection for %s was cut', async (role) => {
  await publish(engine);
  await cut(role);
  expect(await insist(keyed())).toMatchObject({ done: true, position: { seq: 2 } });
  await vi.waitFor(async () => expect((await engine.read(EDITION, 1, 10)).entries).toHaveLength(1), SOON);
});

it('wakes every listener once its connection for announcements is back', async () => {
  const heard: number[][] = [[], []];
  for (const seqs of heard) await engine.subscribe(EDITION, ({ seq }) => seqs.push(seq));
  const other = await open();
  await publish(other);
  await vi.waitFor(() => expect(heard).toStrictEqual([[1], [1]]), SOON);
  await cut('announcements');
  await publish(other);
  await vi.waitFor(() => expect(heard.map((seqs) => seqs.at(-1))).toStrictEqual([2, 2]), SOON);
  await publish(other);
  await vi.waitFor(() => expect(heard.map((seqs) => seqs.at(-1))).toStrictEqual([3, 3]), SOON);
  for (const seqs of heard) expect(seqs).toStrictEqual([...new Set(seqs)]);
});

it('announces in the order of the numbers while its connection comes back', async () => {
  const heard: number[] = [];
  await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
  const other = await open();
  await cut('announcements');
  let seq = 0;
  for (const end = Date.now() + 1_000; Date.now() < end; ) seq = (await publish(other)).position.seq;
  await vi.waitFor(() => expect(heard.at(-1)).toBe(seq), SOON);
  expect(heard).toStrictEqual([...new Set(heard)].sort((a, b) => a - b));
});

it('wakes listeners after a cut though nothing was committed', async () => {
  await publish(engine);
  const heard: number[] = [];
  await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
  await cut('announcements');
  await vi.waitFor(() => expect(heard).toStrictEqual([1]), SOON);
});

it('finds out that its connection for announcements is dead, though nobody closed it', async () => {
  const wire = await startWire(redis.url);
  try {
    engine = await open(wire.url);
    const heard: number[] = [];
    await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
    wire.freeze();
    const other = await open();
    await publish(other);
    await vi.waitFor(() => expect(heard).toStrictEqual([1]), { timeout: 15_000, interval: 50 });
  } finally {
    wire.close();
  }
});

it('gets a hold and a kill through however often the tags change before they arrive', async () => {
  const wire = await startWire(redis.url, 15);
  try {
    const { id } = await publish(engine, { tags: [tag('t0')] });
    const slow = await open(wire.url);
    let revision = 1;
    const retagging = async () => {
      for (const end = Date.now() + 600; Date.now() < end; revision++) {
        await commit(engine, id, amendment(revision, { tags: [tag(`t${revision}`)] }));
      }
    };
    const [held] = await Promise.all([commit(slow, id, { action: 'hold' }), retagging().catch(() => {})]);
    expect(held.revision).toBeGreaterThan(10);
    expect(await commit(slow, id, { action: 'kill', notice: 'N' })).toMatchObject({ current: { state: 'killed' } });
  } finally {
    wire.close();
  }
});

it('starts another epoch when Redis has lost everything', async () => {
  const { position } = await publish(engine);
  await admin.flushall();
  const { epoch, head } = await engine.read(EDITION, undefined, 1);
  expect([head.seq, epoch === position.epoch]).toStrictEqual([0, false]);
  expect((await publish(engine)).position).toMatchObject({ seq: 1, epoch });
});

it('looks for the primary again when it finds itself with a replica', async () => {
  const { id } = await publish(engine);
  const before = await idsOf('writes');
  await admin.replicaof('127.0.0.1', 1);
  try {
    await expect(engine.commit(keyed())).rejects.toMatchObject(unknownOutcome);
    await vi.waitFor(async () => expect(await idsOf('writes')).not.toStrictEqual(before), SOON);
  } finally {
    await admin.replicaof('NO', 'ONE');
  }
  expect(await insist(changeOf(id, amendment(1)))).toMatchObject({ done: true, revision: 2 });
});

it('says within seconds that a Redis which hangs gave no answer, and takes a retry for what it is', async () => {
  await publish(engine);
  const changes = [keyed(), keyed(), keyed()];
  const start = Date.now();
  await redis.pause();
  try {
    const commits = changes.map((change) => engine.commit(change));
    const read = engine.read(EDITION, undefined, 1);
    await Promise.all([
      ...commits.map((commit) => expect(commit).rejects.toMatchObject(unknownOutcome)),
      expect(read).rejects.toBeInstanceOf(EngineUnavailable),
    ]);
    expect(Date.now() - start).toBeLessThan(6_500);
  } finally {
    await redis.resume();
  }
  for (const change of changes) expect(await insist(change)).toMatchObject({ done: true, id: change.id, revision: 1 });
  expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(4);
});

describe('when Redis is killed', () => {
  it('fails at once while it is away', async () => {
    await redis.kill();
    try {
      await expect(engine.commit(keyed())).rejects.toMatchObject(unknownOutcome);
      const start = Date.now();
      for (let at = 0; at < 20; at++) {
        await expect(engine.commit(keyed())).rejects.toMatchObject(unknownOutcome);
        await expect(engine.read(EDITION, undefined, 1)).rejects.toBeInstanceOf(EngineUnavailable);
        await expect(engine.rows(EDITION, { limit: 1 })).rejects.toBeInstanceOf(EngineUnavailable);
      }
      const others = [
        engine.find(v7()),
        engine.audit(EDITION, 1),
        engine.durability(),
        engine.subscribe(EDITION, () => {}),
        engine.known(EDITION, { name: 'k', request: 'r' }),
        engine.commitBulk([publishOf()]),
        engine.records.get('kind', 'id'),
        engine.records.list('kind'),
        engine.records.put('kind', 'id', 1, 0),
        engine.records.take('kind', 'id'),
        engine.records.increment('kind', 'id', 1, 60_000),
        engine.records.change([], officeAct()),
        engine.records.acts(1),
      ];
      await Promise.all(others.map((other) => expect(other).rejects.toBeInstanceOf(EngineUnavailable)));
      expect(Date.now() - start).toBeLessThan(1_000);
    } finally {
      await redis.start();
    }
    expect(await insist(keyed())).toMatchObject({ done: true, position: { seq: 1 } });
  });

  it('finds everything that was acknowledged after its restart, and doubles nothing that is retried', async () => {
    const heard: number[] = [];
    await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
    const tried: { change: Change; outcome: Outcome | Error }[] = [];
    const publishUntilItFails = async () => {
      for (let outcome: Outcome | Error | undefined; !(outcome instanceof Error); ) {
        const change = keyed();
        outcome = await engine.commit(change).catch((error: Error) => error);
        tried.push({ change, outcome });
      }
    };
    const publishing = Promise.all(Array.from({ length: 10 }, publishUntilItFails));
    await vi.waitFor(() => expect(tried.length).toBeGreaterThan(100), SOON);
    await redis.kill();
    const killed = Date.now();
    await publishing;
    expect(Date.now() - killed).toBeLessThan(2_000);
    await redis.start();
    for (const { change, outcome } of tried) {
      const again = await insist(change);
      if (!(outcome instanceof Error)) expect(again).toStrictEqual({ ...outcome, replayed: true });
      else expect([outcome, again]).toMatchObject([unknownOutcome, { done: true, id: change.id }]);
    }
    const { head } = await engine.read(EDITION, undefined, 1);
    expect(head.seq).toBe(tried.length);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(head.seq), SOON);
  });
});

it('says after it was closed that it is', async () => {
  await engine.close();
  await expect(engine.commit(keyed())).rejects.toBeInstanceOf(EngineUnavailable);
  await engine.close();
});
