import { expect, it, vi } from 'vitest';
import { startProcess } from '../support/process.ts';
import { READERS } from '../support/readers.ts';
import { keyFor, newStore, startTestService } from '../support/service.ts';

/** A word lives for 15 s, and is told within 5 s: both by real time, since it is the store that ends it. */
it('forgets the readers of a node that was killed when its last word has ended', { timeout: 60_000 }, async () => {
  const { env, remove } = await newStore('redis');
  const node = await startTestService(env);
  const doomed = await startProcess(env);
  const key = await keyFor(node.office, 'editor');
  const audience = async () => (await node.api.get('/v1/audience', { Authorization: `Bearer ${key}` })).body;
  const readers = [node, doomed].map(({ url }) => READERS.WebSocket(url, 'en'));
  await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'hello')));
  const shows = (nodes: number, count: number) => async () =>
    expect(await audience()).toMatchObject({ editions: [{ id: 'en', readers: count }, {}, {}], nodes });
  await vi.waitFor(shows(2, 2), { timeout: 10_000, interval: 100 });
  await doomed.end('SIGKILL');
  const killed = performance.now();
  await shows(2, 2)();
  await vi.waitFor(shows(1, 1), { timeout: 20_000, interval: 100 });
  expect(performance.now() - killed).toBeLessThan(16_000);
  for (const reader of readers) reader.close();
  await node.close();
  await remove();
});
