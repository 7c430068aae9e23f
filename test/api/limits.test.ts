import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { READERS } from '../support/readers.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let remove: () => Promise<void>;

async function start(env: Record<string, string> = {}): Promise<void> {
  const store = await newStore('embedded');
  remove = store.remove;
  service = await startTestService({ ...store.env, ...env });
}

afterEach(async () => {
  await service.close();
  await remove();
});

async function open(): Promise<WebSocket> {
  const ws = new WebSocket(`${service.url.replace('http', 'ws')}/v1/editions/en/live`);
  await once(ws, 'message');
  return ws;
}

/** The code that the server closes with after `act`, or undefined when a reader beside hears the next post first. */
async function closedBy(act: (ws: WebSocket) => void): Promise<number | undefined> {
  const beside = READERS.WebSocket(service.url, 'en');
  await beside.until(({ type }) => type === 'hello');
  const ws = await open();
  let code: number | undefined;
  ws.on('close', (closeCode) => {
    code = closeCode;
  });
  act(ws);
  ws.ping();
  await Promise.race([once(ws, 'pong'), once(ws, 'close')]);
  await service.api.post('For those who are still there');
  await beside.until((message) => message.type === 'item');
  beside.close();
  ws.terminate();
  return code;
}

describe('what a reader may send', () => {
  beforeEach(() => start());

  it.each([
    ['a message of 1 KB', (ws: WebSocket) => ws.send('x'.repeat(1024)), undefined],
    ['a message one byte longer', (ws: WebSocket) => ws.send('x'.repeat(1025)), 1009],
    ['a message in pieces that are too long together', inPieces, 1009],
    ['binary', (ws: WebSocket) => ws.send(Buffer.from('x')), 1003],
    ['text that is not UTF-8', (ws: WebSocket) => ws.send(Buffer.from([0xc3, 0x28]), { binary: false }), 1007],
    ['9 messages and a ping in a second', (ws: WebSocket) => times(9, () => ws.send('x')), undefined],
    ['20 messages in a second', (ws: WebSocket) => times(20, () => ws.send('x')), 1008],
    ['30 pings in a second', (ws: WebSocket) => times(30, () => ws.ping()), 1008],
  ])('%s', async (_what, act, code) => {
    expect(await closedBy(act)).toBe(code);
  });

  it('answers an upgrade that it cannot make with a problem document, and lives on', async () => {
    const answers = await Promise.all(
      ['/v1/editions/fr/live', '/v1/editions/en/live?tag=a&section=b', '/elsewhere', '//', '/v1/editions/%00/live'].map(
        (path) => raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`),
      ),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*application\/problem\+json/s);
    const noKey = 'GET /v1/editions/en/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    for (const head of [noKey, noKey.replace('GET', 'POST')])
      expect(await raw(head)).toMatch(
        /^HTTP\/1\.1 400 .*Sec-WebSocket-Version: 13\r\nContent-Type: application\/problem\+json.*:bad-handshake"/s,
      );
    expect(service.office.engine.name).toBe('embedded');
    expect((await service.api.get('/healthz')).status).toBe(200);
  });
});

it('turns away who comes when all places are taken, with the time to come again, and serves the snapshot', async () => {
  await start({ MAX_READERS: '2' });
  const readers = [await open(), await open()];
  for (const accept of ['text/event-stream', 'application/json']) {
    const answer = await service.api.get('/v1/editions/en/live', { Accept: accept });
    expect(answer).toMatchObject({ status: 503, body: { type: expect.stringMatching(/:busy$/) } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  }
  const upgrade = new WebSocket(`${service.url.replace('http', 'ws')}/v1/editions/en/live`);
  upgrade.on('error', () => {});
  const [, response] = await once(upgrade, 'unexpected-response');
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toMatch(/^\d+$/);
  response.destroy();
  expect((await service.api.get('/v1/editions/en/snapshot')).status).toBe(200);
  for (const ws of readers) ws.close();
  await Promise.all(readers.map((ws) => once(ws, 'close')));
  (await open()).terminate();
});

it('lets in so many a second', async () => {
  await start({ ACCEPTS_PER_SECOND: '5' });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => service.api.get('/v1/editions/en/live?wait=0', { Accept: 'application/json' })),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(6);
  expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(14);
});

it('does not count a poll that goes on where it stands among those who come', async () => {
  await start({ ACCEPTS_PER_SECOND: '2' });
  const { body: snapshot } = await service.api.get('/v1/editions/en/snapshot');
  let { position } = snapshot;
  const statuses: number[] = [];
  for (let headline = 0; headline < 20; headline++) {
    const [polled] = await Promise.all([
      service.api.get(`/v1/editions/en/live?since=${position}&wait=5`, { Accept: 'application/json' }),
      service.api.post(`Headline ${headline}`),
    ]);
    statuses.push(polled.status);
    ({ position } = polled.body);
  }
  expect(statuses).toEqual(statuses.map(() => 200));
  // Those who come are counted as before: at their first poll, and wherever they made their position up.
  const asks = ['wait=0', `wait=0&since=${position}`, 'wait=1&since=made.1.up'].flatMap((query) =>
    Array.from({ length: 5 }, () =>
      service.api.get(`/v1/editions/en/live?${query}`, { Accept: 'application/json' }).then(({ status }) => status),
    ),
  );
  const answers = await Promise.all(asks);
  expect(answers).toContain(200);
  expect(answers.filter((status) => status === 503).length).toBeGreaterThanOrEqual(8);
});

function times(count: number, act: () => void): void {
  for (let time = 0; time < count; time++) act();
}

function inPieces(ws: WebSocket): void {
  ws.send('x'.repeat(600), { fin: false });
  ws.send('x'.repeat(600), { fin: true });
}

/** The whole answer to bytes as they stand. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => {});
  socket.end(bytes);
  await once(socket, 'close');
  return answer;
}
