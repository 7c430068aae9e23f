import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { readSettings } from '../../server/config.ts';
import { type Change, type Engine, EngineUnavailable } from '../../server/engine.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { createLog } from '../../server/log.ts';
import { openOffice } from '../../server/office.ts';
import { storeSecret } from '../../server/secret.ts';
import { startService } from '../../server/service.ts';
import { amendment, changeOf, content, EDITION, publish, publishOf } from '../contract/engine/given.ts';
import { officeAct } from '../contract/records/given.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let primary: TestRedis;
let engine: Engine;
let plain: Engine;

beforeAll(async () => {
  primary = await startRedis();
  const admin = new Redis(primary.url);
  await admin.config('SET', 'repl-diskless-sync-delay', 0);
  admin.disconnect();
});
afterAll(() => primary.stop());
beforeEach(async () => {
  const settings = { url: primary.url, prefix: v7(), editions: [EDITION], logLength: 100 };
  engine = await openRedis({ ...settings, replicas: 1 });
  plain = await openRedis(settings);
});
afterEach(async () => {
  await engine.close();
  await plain.close();
});

const unconfirmed = {
  name: EngineUnavailable.name,
  message: expect.stringMatching(/^Not confirmed by a replica.*same key/),
};

it('acknowledges nothing that no replica has, and the same key later stands for the same commit', async () => {
  const key = { name: 'key', request: 'r' };
  const change = changeOf(v7(), { action: 'publish', content: content() }, key);
  for (let tries = 0; tries < 2; tries++) await expect(engine.commit(change)).rejects.toMatchObject(unconfirmed);
  await expect(engine.known(EDITION, key)).rejects.toMatchObject(unconfirmed);
  await expect(engine.commitBulk([publishOf()])).rejects.toMatchObject(unconfirmed);
  await expect(engine.records.put('kind', 'id', 1, 0)).rejects.toMatchObject(unconfirmed);
  await expect(engine.records.increment('kind', 'id', 1, 60_000)).rejects.toMatchObject(unconfirmed);
  await expect(engine.records.change([], officeAct())).rejects.toMatchObject(unconfirmed);
  await expect(engine.records.take('kind', 'id')).rejects.toMatchObject(unconfirmed);
  const { entries } = await plain.read(EDITION, undefined, 10);
  expect(entries.map(({ id }) => id === change.id)).toStrictEqual([true, false]);

  const replica = await startRedis();
  const admin = new Redis(replica.url);
  try {
    await admin.replicaof(primary.peer.host, primary.peer.port);
    const confirmed = await vi.waitFor(() => engine.commit(change), { timeout: 10_000 });
    const position = { seq: 1, mark: entries[0]?.mark };
    expect(confirmed).toMatchObject({ done: true, replayed: true, id: change.id, revision: 1, position });
    // A replica that is still writing its first copy to the disk may take longer than a WAIT: so retry as callers do.
    const amend = changeOf(change.id, amendment(1), { ...key, name: 'a' });
    const amended = await vi.waitFor(() => engine.commit(amend), { timeout: 10_000 });
    expect(amended).toMatchObject({ done: true, position: { seq: 3 } });
    await replica.pause();
    await expect(engine.commit(changeOf(change.id, amendment(2), { ...key, name: 'b' }))).rejects.toMatchObject(
      unconfirmed,
    );
    await expect(engine.commit(change)).rejects.toMatchObject(unconfirmed);
    await expect(engine.known(EDITION, key)).rejects.toMatchObject(unconfirmed);
  } finally {
    await replica.resume();
    admin.disconnect();
    await replica.stop();
  }
});

it('refuses as ever without a replica', async () => {
  expect(await engine.commit(changeOf(v7(), { action: 'hold' }))).toMatchObject({ done: false, reason: 'missing' });
});

it('shares the secret of the store, which acknowledges nothing, also while no replica has it', async () => {
  const secrets = await Promise.all([storeSecret(engine.records, 'import'), storeSecret(plain.records, 'import')]);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(secrets[1]).toBe(secrets[0]);
});

it('reads while it waits for a replica', async () => {
  const commit = engine
    .commit(changeOf(v7(), { action: 'publish', content: content() }))
    .catch((error: unknown) => error);
  await setTimeout(100);
  const start = Date.now();
  expect((await engine.read(EDITION, undefined, 1)).head.seq).toBe(1);
  expect(Date.now() - start).toBeLessThan(500);
  expect(await commit).toBeInstanceOf(EngineUnavailable);
});

it('kills within the time of one wait, however many wait before it', async () => {
  const { id } = await publish(plain);
  const waiting: Promise<unknown>[] = [];
  const start = async (change: Change) => {
    waiting.push(engine.commit(change).catch((error: unknown) => error));
    await setTimeout(50);
  };
  for (let at = 0; at < 6; at++) await start(changeOf(v7(), { action: 'publish', content: content() }));
  await start(changeOf(id, { action: 'kill', notice: 'Withdrawn' }));
  const isKilled = async () => expect(await plain.find(id)).toMatchObject({ state: 'killed' });
  await vi.waitFor(isKilled, { timeout: 2_000, interval: 20 });
  for (const outcome of await Promise.all(waiting)) expect(outcome).toMatchObject(unconfirmed);
});

it('makes a node say that it is not ready, and why, while too few replicas are there', async () => {
  const env = { REDIS_URL: primary.url, REDIS_PREFIX: v7(), REDIS_REPLICAS: '1', PORT: '0' };
  const office = await openOffice(readSettings(env));
  const service = await startService(office, createLog('silent'));
  const answer = await fetch(`${service.url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    ready: false,
    durability: 'lacks-replicas',
    hears: true,
    cannotRead: [],
  });
  await service.close();
});
