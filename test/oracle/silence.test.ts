import { afterEach, beforeEach, expect, it } from 'vitest';
import { READERS, type TestReader } from '../support/readers.ts';
import { Api } from '../support/service.ts';
import { Cluster } from './cluster.ts';
import { planOf } from './plan.ts';
import { until } from './until.ts';

/** The one figure that readers are promised when nobody wakes their node. */
const HEARD_MS = 3_000;
/** A probe finds out within this. */
const RED_MS = 15_000;

let cluster: Cluster;
let reader: TestReader;

beforeEach(async () => {
  cluster = await Cluster.start({ ...planOf(1), engine: 'redis', nodes: 2, logLength: 5_000 });
  await Promise.all(cluster.nodes.map((_, at) => cluster.up(at)));
});

afterEach(async () => {
  reader.close();
  await cluster.stop();
});

it('tells readers within three seconds, and is not ready, while announcements are lost and nobody says so', async () => {
  const [deaf = '', other = ''] = cluster.urls;
  const api = new Api(other, await cluster.addKey());
  reader = READERS.WebSocket(deaf, 'en');
  await reader.until(({ type }) => type === 'hello');
  expect((await api.get('/readyz')).status).toBe(200);
  const link = cluster.nodes[0]?.link;
  expect(link?.silence('announcements')).toBe(1);
  let red = false;
  const looking = until(RED_MS, async () => {
    red = (await fetch(`${deaf}/readyz`)).status === 503;
    return red;
  });
  for (let number = 0; number < 3; number++) {
    const headline = `Said into the silence ${number}`;
    const posted = performance.now();
    await api.post(headline);
    await reader.until((message) => message.type === 'item' && message.item.headline === headline, HEARD_MS);
    expect(performance.now() - posted).toBeLessThan(HEARD_MS);
  }
  expect(link?.swallowed, 'announcements were swallowed').toBeGreaterThan(0);
  await looking;
  expect(red, 'readiness was red while the link was dumb').toBe(true);
  // A new link takes the place of the dead one.
  expect(await until(RED_MS, async () => (await fetch(`${deaf}/readyz`)).status === 200)).toBe(true);
}, 60_000);
