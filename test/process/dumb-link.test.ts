import { expect, inject, it, vi } from 'vitest';
import { READERS } from '../support/readers.ts';
import { newStore, startTestService } from '../support/service.ts';
import { startWire } from '../support/wire.ts';

it('has headlines on screen though the announcement link is dead without a word, is not ready meanwhile, and heals', async () => {
  const wire = await startWire(inject('redisUrl'));
  const { env, remove } = await newStore('redis');
  const service = await startTestService({ ...env, REDIS_URL: wire.url });
  const ready = async () => (await service.api.get('/readyz')).body;
  const reader = READERS.WebSocket(service.url, 'en');
  await reader.until(({ type }) => type === 'hello');
  expect(await ready()).toMatchObject({ ready: true, hears: true });

  wire.freeze('motograph-announcements');
  // Past the node that is asked, so that nothing but an announcement or a look at the head can tell it.
  const elsewhere = await startTestService(env);
  const posted = performance.now();
  await elsewhere.api.post('Posted into the silence');
  await reader.until(
    (message) => message.type === 'item' && message.item.headline === 'Posted into the silence',
    3_000,
  );
  expect(performance.now() - posted).toBeLessThan(3_000);
  await vi.waitFor(async () => expect(await ready()).toMatchObject({ ready: false, hears: false }), 5_000);
  await vi.waitFor(async () => expect(await ready()).toMatchObject({ ready: true, hears: true }), 15_000);

  reader.close();
  await Promise.all([service.close(), elsewhere.close()]);
  wire.close();
  await remove();
}, 40_000);
