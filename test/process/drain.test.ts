import { expect, it } from 'vitest';
import { startProcess } from '../support/process.ts';
import { READERS } from '../support/readers.ts';
import { Api, newStore } from '../support/service.ts';

const DRAIN_MS = 2_000;

it('on SIGTERM sends its readers elsewhere over the window, turns new ones away, serves snapshots, and ends with 0', async () => {
  const { env, remove } = await newStore('embedded');
  const server = await startProcess({ ...env, DRAIN_MS: String(DRAIN_MS), HEARTBEAT_MS: '1000' });
  const api = new Api(server.url, '');
  const readers = Array.from({ length: 60 }, (_, at) => READERS[at % 2 ? 'SSE' : 'WebSocket'](server.url, 'en'));
  await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'hello')));
  const start = performance.now();
  const ended = server.end('SIGTERM');
  const times = await Promise.all(
    readers.map(async (reader) => {
      await reader.until(({ type }) => type === 'goaway', DRAIN_MS + 1_000);
      const ms = performance.now() - start;
      reader.close();
      if (ms < DRAIN_MS / 2) {
        expect((await api.get('/readyz')).status).toBe(503);
        expect((await api.get('/v1/editions/en/live')).status).toBe(503);
        expect((await api.get('/v1/editions/en/snapshot')).status).toBe(200);
      }
      return ms;
    }),
  );
  const early = times.filter((ms) => ms < DRAIN_MS / 2).length;
  expect(early).toBeGreaterThan(10);
  expect(early).toBeLessThan(50);
  expect(await ended).toBe(0);
  expect(performance.now() - start).toBeLessThan(DRAIN_MS + 3_000);
  await remove();
});

it('ends at once when nobody reads', async () => {
  const { env, remove } = await newStore('embedded');
  const server = await startProcess({ ...env, DRAIN_MS: '60000' });
  const start = performance.now();
  expect(await server.end('SIGTERM')).toBe(0);
  expect(performance.now() - start).toBeLessThan(3_000);
  await remove();
});
