import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../server/clock.ts';
import { startRedis } from '../support/redis.ts';
import { newStore, startTestService } from '../support/service.ts';
import { memberAs } from '../support/staff.ts';

it('a full store takes a kill by a key and by a session, though it cannot keep that they were used', async () => {
  const redis = await startRedis();
  const admin = new Redis(redis.url);
  const store = await newStore('embedded');
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  const service = await startTestService({ ...store.env, REDIS_URL: redis.url }, clock);
  const chief = await memberAs(service, 'chief');
  const items = [await service.api.post('Wrong'), await service.api.post('Wrong too')].map(({ item }) => item.id);
  ahead += 5 * 60_000;
  await admin.config('SET', 'maxmemory', 1);
  expect((await service.api.send(`/v1/items/${items[0]}/kill`, { notice: 'False.' })).status).toBe(200);
  expect((await chief.post(`/v1/items/${items[1]}/kill`, { notice: 'False.' })).status).toBe(200);
  expect((await chief.post('/v1/sign-in/passkey/options')).status).toBe(503);
  await admin.config('SET', 'maxmemory', 0);
  await service.close();
  admin.disconnect();
  await redis.stop();
  await store.remove();
});
