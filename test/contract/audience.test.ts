import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { EditionAudience } from '../../server/audience.ts';
import { ManualClock } from '../support/clock.ts';
import { READERS, type TestReader } from '../support/readers.ts';
import { bytesOf, keysUnder } from '../support/redis/dump.ts';
import { ENGINES, keyFor, newStore, startTestService, type TestService } from '../support/service.ts';

const TELL_MS = 5_000;
/** Time is moved on a good deal here; a long poll should stay. */
const LONG = { wait: '60' };

let env: Record<string, string>;
let remove: () => Promise<void>;
let clock: ManualClock;
let nodes: TestService[];
let closing: (() => void)[];
let chief: Promise<string>;

describe.each(ENGINES)('on the %s engine', (engine) => {
  beforeEach(async () => {
    ({ env, remove } = await newStore(engine));
    clock = new ManualClock(Date.now());
    nodes = [await start(), await start()];
    closing = [];
    chief = keyFor((nodes[0] as TestService).office, 'chief');
  });

  afterEach(async () => {
    for (const close of closing) close();
    await Promise.all(nodes.map((node) => node.close()));
    await remove();
  });

  it('sums the readers of both nodes, by all three ways, by edition and site', async () => {
    const [one, two] = nodes as [TestService, TestService];
    const readers = await open(one, 'en', 'news.example');
    await open(two, 'en', 'news.example');
    await open(two, 'en', 'blog.example');
    await open(two, 'uk');
    await told({ editions: [both(9), own('uk', 3), own('ru', 0)], nodes: 2 });
    for (const reader of readers) reader.close();
    await told({
      editions: [
        {
          id: 'en',
          readers: 6,
          sites: [
            { site: 'blog.example', readers: 3 },
            { site: 'news.example', readers: 3 },
          ],
        },
        own('uk', 3),
        own('ru', 0),
      ],
      nodes: 2,
    });

    function both(readers: number) {
      const sites = [
        { site: 'news.example', readers: 6 },
        { site: 'blog.example', readers: 3 },
      ];
      return { id: 'en', readers, sites };
    }

    function own(id: string, readers: number) {
      return { id, readers, sites: readers > 0 ? [{ site: '', readers }] : [] };
    }
  });

  it('takes the site from the origin or the referrer, whichever way is read', async () => {
    const [one] = nodes as [TestService];
    const from = { Origin: 'https://news.example:8443' };
    const referred = { Referer: 'https://user:secret@news.example/private?page' };
    for (const headers of [from, referred, { ...from, Referer: 'https://other.example/' }, { Origin: one.url }])
      await openFrom(one, headers);
    const sites = [
      { site: 'news.example', readers: 9 },
      { site: 'own', readers: 3 },
    ];
    await told({ editions: [{ id: 'en', readers: 12, sites }, { readers: 0 }, { readers: 0 }] });
  });

  it('keeps nothing of who reads', async () => {
    const [one, two] = nodes as [TestService, TestService];
    const headers = {
      Origin: 'https://news.example',
      Referer: 'https://qperson:qsecret@news.example/qpath?qquery',
      'User-Agent': 'qagent/1',
      'X-Forwarded-For': '203.0.113.9',
      'Accept-Language': 'qq',
      Cookie: 'qcookie=1',
    };
    for (const node of nodes) await openFrom(node, headers);
    await ready(6);
    const { item } = await one.api.post('Seen by all');
    await toldSent([[item.id, 1, 6]]);
    // The two polls have got their answer.
    await ready(4);
    const records = await two.office.engine.records.list('audience');
    expect(records).toHaveLength(2);
    for (const { value } of records)
      expect(value).toEqual({
        en: {
          sites: [{ site: 'news.example', readers: 2 }],
          sent: [{ id: item.id, revision: 1, at: expect.any(Number), readers: 3, ms: expect.any(Number) }],
        },
        uk: { sites: [], sent: [] },
        ru: { sites: [], sent: [] },
      });
    const store = await everythingStored();
    expect(store).toContain('news.example');
    for (const words of ['qperson', 'qsecret', 'qpath', 'qquery', 'qagent', '203.0.113.9', 'qcookie'])
      expect(store, words).not.toContain(words);
  });

  it('says to how many readers an entry was sent, over both nodes', async () => {
    const [one, two] = nodes as [TestService, TestService];
    await open(one, 'en');
    await open(two, 'en');
    await open(two, 'uk');
    const floods = READERS.WebSocket(one.url, 'en', { tag: 'floods' });
    closing.push(floods.close);
    await floods.until(({ type }) => type === 'hello');
    await ready(7);
    const first = (await one.api.post('To all but the view')).item;
    await toldSent([[first.id, 1, 6]]);
    await ready(7);
    const second = (await two.api.post('To all', { tags: ['Floods'] })).item;
    await toldSent([
      [second.id, 1, 7],
      [first.id, 1, 6],
    ]);
    await ready(7);
    await one.api.act(second.id, 'kill', { notice: 'Wrong.' });
    const sent = await toldSent([
      [second.id, 2, 7],
      [second.id, 1, 7],
      [first.id, 1, 6],
    ]);
    for (const { at, ms } of sent) {
      expect(Date.parse(at)).toBeLessThanOrEqual(clock.now());
      expect(ms).toBeGreaterThanOrEqual(0);
    }
  });

  it('counts a node no more once it has closed', async () => {
    const [one, two] = nodes as [TestService, TestService];
    await open(two, 'en');
    await ready(3);
    nodes = [one];
    await two.close();
    await told({ editions: [{ readers: 0 }, { readers: 0 }, { readers: 0 }], nodes: 1 });
  });

  it('tells each key of its own editions, and who may not know it nothing', async () => {
    const [one] = nodes as [TestService];
    await open(one, 'uk');
    await open(one, 'en');
    const ask = (key: string) => one.api.get('/v1/audience', { Authorization: `Bearer ${key}` });
    const ids = ({ body }: { body: { editions: EditionAudience[] } }) => body.editions.map(({ id }) => id);
    expect(ids(await ask(await keyFor(one.office, 'editor', 'uk')))).toEqual(['uk']);
    expect(ids(await ask(await keyFor(one.office, 'chief')))).toHaveLength(3);
    expect(await ask(await keyFor(one.office, 'reporter'))).toMatchObject({ status: 403 });
    expect(await ask('nobody')).toMatchObject({ status: 401 });
    expect((await ask(await keyFor(one.office, 'editor'))).headers.get('cache-control')).toBe('no-store');
  });

  function start(): Promise<TestService> {
    return startTestService(env, clock);
  }

  /** One reader of each kind, there when this resolves. */
  async function open(node: TestService, edition: string, site?: string): Promise<TestReader[]> {
    const readers = Object.values(READERS).map((connect) =>
      connect(node.url, edition, site ? { ...LONG, site } : LONG),
    );
    closing.push(...readers.map(({ close }) => close));
    await Promise.all(readers.map((reader) => reader.until(({ type }) => type === 'hello')));
    return readers;
  }

  /** One reader of each kind as a browser on a page elsewhere, or any other program, would ask. */
  async function openFrom({ url, api }: TestService, headers: Record<string, string>): Promise<void> {
    const { position } = (await api.get('/v1/editions/en/snapshot')).body;
    const address = `${url}/v1/editions/en/live?since=${position}&wait=60`;
    const ws = new WebSocket(address.replace('http', 'ws'), { headers });
    ws.on('error', () => {});
    closing.push(() => ws.terminate());
    for (const accept of ['text/event-stream', 'application/json']) {
      const request = get(address, { headers: { ...headers, accept } }, (response) => response.resume());
      request.on('error', () => {});
      closing.push(() => request.destroy());
    }
  }

  function audience(node: TestService): Promise<Audience> {
    return chief
      .then((key) => node.api.get('/v1/audience', { Authorization: `Bearer ${key}` }))
      .then(({ body }) => body);
  }

  /** Nodes tell each other as time goes on, which it does until every one of them says so. */
  async function told(expected: object): Promise<void> {
    const agreed = async () => {
      for (const node of nodes) expect(await audience(node)).toMatchObject(expected);
    };
    const afterATick = () => {
      clock.advance(TELL_MS);
      return vi.waitFor(agreed, { timeout: 500, interval: 20 });
    };
    await vi.waitFor(afterATick, { timeout: 10_000, interval: 20 });
  }

  /** Everybody is there: a long poll is away for a moment after each answer. */
  function ready(readers: number): Promise<void> {
    return told({ editions: expect.arrayContaining([expect.objectContaining({ id: 'en', readers })]) });
  }

  async function toldSent(expected: [id: string, revision: number, readers: number][]): Promise<Sent> {
    const sent = expected.map(([id, revision, readers]) => expect.objectContaining({ id, revision, readers }));
    await told({ editions: expect.arrayContaining([expect.objectContaining({ id: 'en', sent })]) });
    const [one] = nodes as [TestService];
    return (await audience(one)).editions.find(({ id }) => id === 'en')?.sent ?? [];
  }

  async function everythingStored(): Promise<string> {
    if (engine === 'embedded') {
      const files = await readdir(env.DATA_DIR ?? '');
      const bytes = await Promise.all(files.map((file) => readFile(join(env.DATA_DIR ?? '', file))));
      return Buffer.concat(bytes).toString('latin1');
    }
    const redis = new Redis(env.REDIS_URL ?? '');
    const keys = await keysUnder(redis, env.REDIS_PREFIX ?? '');
    const bytes = await Promise.all(keys.map((key) => bytesOf(redis, key)));
    redis.disconnect();
    return `${keys}${Buffer.concat(bytes).toString('latin1')}`;
  }
});

type Audience = Awaited<ReturnType<import('../../server/audience.ts').Audience['now']>>;
type Sent = EditionAudience['sent'];
