import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Engine, EngineUnavailable } from '../../server/engine.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { amendment, changeOf, commit, content, EDITION, publish, publishOf, tag } from '../contract/engine/given.ts';
import { officeAct } from '../contract/records/given.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let admin: Redis;
let engine: Engine;

beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  engine = await openRedis({ url: redis.url, prefix: v7(), editions: [EDITION], logLength: 100 });
});
afterEach(async () => {
  await admin.config('SET', 'maxmemory', 0);
  await engine.close();
});

const fill = () => admin.config('SET', 'maxmemory', 1);
const refusedAsFull = {
  name: EngineUnavailable.name,
  message: expect.stringMatching(/^Redis is full and stored nothing/),
};

it('withdraws and kills in a full store', async () => {
  const views = { tags: [tag('War'), tag('Peace')], section: 'world' };
  const { id } = await publish(engine, { headline: 'Wrong', ...views });
  await fill();
  expect((await commit(engine, id, { action: 'hold' })).current.state).toBe('withheld');
  const killed = await commit(engine, id, { action: 'kill', notice: 'Withdrawn' }, { name: 'k', request: 'r' });
  expect(killed).toMatchObject({ revision: 3, current: { state: 'killed' } });
  expect((await engine.rows(EDITION, { limit: 5 })).items).toMatchObject([{ notice: 'Withdrawn' }]);
});

it('refuses everything else, stores nothing of it and takes the same key afterwards', async () => {
  const { id } = await publish(engine);
  await commit(engine, id, { action: 'hold' });
  const change = changeOf(v7(), { action: 'publish', content: content() }, { name: 'key', request: 'r' });
  await engine.records.put('kind', 'there', 'kept', 0);
  const records = await engine.records.list('kind');
  const writes = [
    { kind: 'kind', id: 'there', expects: 1 },
    { kind: 'kind', id: 'absent', expects: 0, value: 'never' },
  ];
  await fill();
  await expect(engine.commit(change)).rejects.toMatchObject(refusedAsFull);
  await expect(engine.commit(changeOf(id, amendment(2)))).rejects.toMatchObject(refusedAsFull);
  await expect(engine.commit(changeOf(id, { action: 'release', expects: 2 }))).rejects.toMatchObject(refusedAsFull);
  await expect(engine.commitBulk([publishOf(), publishOf()])).rejects.toMatchObject(refusedAsFull);
  await expect(engine.records.put('kind', 'id', 'value', 0)).rejects.toMatchObject(refusedAsFull);
  await expect(engine.records.increment('kind', 'count', 1, 60_000)).rejects.toMatchObject(refusedAsFull);
  await expect(engine.records.change(writes, officeAct())).rejects.toMatchObject(refusedAsFull);
  expect(await engine.records.list('kind')).toStrictEqual(records);
  expect(await engine.records.acts(10)).toStrictEqual([]);
  await admin.config('SET', 'maxmemory', 0);
  expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(2);
  expect(await engine.commit(change)).toMatchObject({ done: true, replayed: false, position: { seq: 3 } });
  expect(await engine.records.change(writes, officeAct())).toBe(true);
});

it('lets a record be taken, as when a session is ended', async () => {
  await engine.records.put('session', 'id', 'open', 0);
  await fill();
  expect(await engine.records.take('session', 'id')).toStrictEqual({ version: 1, value: 'open' });
  expect(await engine.records.list('session')).toStrictEqual([]);
});

it('goes on being read, and can start a new epoch', async () => {
  const { id, position } = await publish(engine, { tags: [tag('War')] });
  await fill();
  expect((await engine.read(EDITION, undefined, 10)).entries).toHaveLength(1);
  expect((await engine.rows(EDITION, { limit: 10, view: { tag: 'war' } })).items).toHaveLength(1);
  expect(await engine.find(id)).toMatchObject({ state: 'published' });
  expect(await engine.audit(EDITION, 10)).toHaveLength(1);
  expect(await engine.rotate(EDITION, position)).not.toBe(position.epoch);
});
