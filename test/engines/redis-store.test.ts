import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type Engine, EngineUnavailable } from '../../server/engine.ts';
import { openRedis } from '../../server/engines/redis.ts';
import { seal } from '../../server/engines/step.ts';
import { amendment, commit, content, EDITION, itemOf, publish, tag } from '../contract/engine/given.ts';
import { officeAct } from '../contract/records/given.ts';
import { keysUnder } from '../support/redis/dump.ts';

let prefix: string;
let admin: Redis;
let engine: Engine;

beforeEach(async () => {
  prefix = v7();
  admin = new Redis(inject('redisUrl'));
  engine = await openRedis({ url: inject('redisUrl'), prefix, editions: [EDITION], logLength: 100 });
});
afterEach(async () => {
  await engine.close();
  await admin.unlink(...(await keysUnder(admin, prefix)));
  admin.disconnect();
});

it('keeps an edition, and all records, each in one cluster slot, and begins every key with the prefix', async () => {
  const views = { tags: [tag('War')], section: 'world' };
  const { id } = await publish(engine, views);
  await commit(engine, id, { action: 'pin', expects: 1, until: Date.now() + 60_000 }, { name: 'k', request: 'r' });
  await engine.records.put('kind', 'id', 1, 0);
  await engine.records.increment('counter', 'id', 1, 60_000);
  await engine.records.change([{ kind: 'other', id: 'id', expects: 0, value: 1 }], officeAct());
  const keys = await keysUnder(admin, '');
  const ours = keys.filter((key) => key.includes(prefix));
  const others = ours.filter((key) => !key.startsWith(`${prefix}:{${EDITION}}:`));
  expect(others.filter((key) => !key.startsWith(`${prefix}:{records}:`))).toStrictEqual([]);
  expect(others).toHaveLength(7);
  expect(ours).toHaveLength(17);
});

it('keeps the audit whole, however short the log is', async () => {
  const short = await openRedis({ url: inject('redisUrl'), prefix, editions: [EDITION], logLength: 3 });
  for (let at = 0; at < 7; at++) await publish(short);
  expect((await short.read(EDITION, undefined, 10)).entries).toHaveLength(3);
  expect((await short.audit(EDITION, 10)).map(({ seq }) => seq)).toStrictEqual([7, 6, 5, 4, 3, 2, 1]);
  await short.close();
});

it('names a revision that was evicted, which harms nothing but the history', async () => {
  const { id } = await publish(engine);
  const { current } = await commit(engine, id, amendment(1, { headline: 'Sound' }));
  await admin.hdel(`${prefix}:{${EDITION}}:revisions`, `${id}:1`);
  await expect(engine.revisions(id)).rejects.toThrow(`Redis has lost revision 1 of item ${id}`);
  expect(await engine.find(id)).toStrictEqual(current);
});

it('can prove a revision by its digest as long as the item is not killed', async () => {
  const words = content({ headline: 'Proven' });
  const { id } = await publish(engine, words);
  const unpack = "return cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1]))";
  const kept = (await admin.eval(unpack, 1, `${prefix}:{${EDITION}}:revisions`, `${id}:1`)) as string[];
  const [nonce = '', action, stored, kind, notice, pinnedUntil] = kept;
  expect(JSON.parse(stored ?? '')).toStrictEqual(words);
  const [row] = await engine.audit(EDITION, 1);
  const digest = seal(nonce, JSON.stringify([action, stored, kind, notice, Number(pinnedUntil)]));
  expect(row?.digest).toBe(digest);
});

it('never takes an item back in time when the clock of the server is set back', async () => {
  const { id } = await publish(engine);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const meddle =
    "local i = cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1])) i[5] = ARGV[2] " +
    "redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(i))";
  await admin.eval(meddle, 1, `${prefix}:{${EDITION}}:items`, id, Date.parse(later));
  const item = itemOf(await commit(engine, id, amendment(1)));
  expect([item.revisedAt, item.significantAt]).toStrictEqual([later, later]);
});

it('changes no record when the row that says so cannot be written', async () => {
  const { records } = engine;
  await records.put('staff', 'there', 'kept', 0);
  await admin.xadd(`${prefix}:{records}:acts`, '18446744073709551615-18446744073709551615', 'at', '0');
  const writes = [
    { kind: 'staff', id: 'there', expects: 1 },
    { kind: 'staff', id: 'absent', expects: 0, value: 'never' },
  ];
  await expect(records.change(writes, officeAct())).rejects.toThrow(EngineUnavailable);
  expect(await records.list('staff')).toStrictEqual([{ id: 'there', version: 1, value: 'kept' }]);
});
