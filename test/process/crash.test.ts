import { describe, expect, it } from 'vitest';
import type { Item } from '../../shared/item.ts';
import { motograph, startProcess } from '../support/process.ts';
import { Api, ENGINES, newStore } from '../support/service.ts';

const TIMES = 50;

describe.each(ENGINES)('on the %s engine', (engine) => {
  it(`has every acknowledged item, once, after ${TIMES} times kill -9 right after the answer`, async () => {
    const { env, remove } = await newStore(engine);
    const { stdout } = await motograph(['key', 'add', 'desk', '--role', 'editor'], env);
    const acknowledged: string[] = [];
    let last: { body: unknown; headers: Record<string, string>; id: string } | undefined;
    for (let time = 0; time < TIMES; time++) {
      const server = await startProcess(env);
      const api = new Api(server.url, stdout.trim());
      if (last) expect((await api.send('/v1/items', last.body, last.headers)).body.item.id).toBe(last.id);
      const body = { edition: 'en', headline: `Posted before crash ${time}` };
      const headers = { 'Idempotency-Key': `crash-${time}` };
      const answer = await api.send('/v1/items', body, headers);
      const ended = server.end('SIGKILL');
      expect(answer.status).toBe(201);
      last = { body, headers, id: answer.body.item.id };
      acknowledged.push(last.id);
      await ended;
    }
    const server = await startProcess(env);
    const { body } = await new Api(server.url, '').get('/v1/editions/en/snapshot?limit=100');
    expect(body.items.map((item: Item) => item.id)).toEqual(acknowledged.toReversed());
    expect(await server.end('SIGTERM')).toBe(0);
    await remove();
    // A bound on hanging: how long a hundred starts take is the machine’s affair, and no promise.
  }, 600_000);
});
