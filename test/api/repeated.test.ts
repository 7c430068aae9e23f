import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { ENGINES, newStore, startTestService } from '../support/service.ts';

const HOUR = 3600_000;

it.each(ENGINES)('on the %s engine a repeated pin is answered though its time is over', async (engine) => {
  const { env, remove } = await newStore(engine);
  let ahead = 0;
  const service = await startTestService(env, { ...systemClock, now: () => Date.now() + ahead });
  const { item } = await service.api.post('On top for an hour');
  const body = { pinnedUntil: new Date(Date.now() + HOUR).toISOString() };
  const pin = (key: string) => service.api.send(`/v1/items/${item.id}/pin`, body, { 'Idempotency-Key': key });
  const first = await pin('once');
  expect(first).toMatchObject({ status: 200, body: { item: { revision: 2 } } });
  ahead = 2 * HOUR;
  expect(await pin('another')).toMatchObject({ status: 422 });
  const again = await pin('once');
  expect(again).toMatchObject({ status: 200, body: { position: first.body.position } });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  await service.close();
  await remove();
});

it('leaves no timer behind an answer', async () => {
  const { env, remove } = await newStore('embedded');
  let waiting = 0;
  const service = await startTestService(env, {
    ...systemClock,
    after(ms, run) {
      waiting++;
      const stop = systemClock.after(ms, run);
      return () => {
        waiting--;
        stop();
      };
    },
  });
  const before = waiting;
  for (let at = 0; at < 5; at++) await service.api.post(`Headline ${at}`);
  expect(waiting).toBe(before);
  await service.close();
  await remove();
});
