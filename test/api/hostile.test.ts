import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READERS } from '../support/readers.ts';
import { newStore, startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let env: Record<string, string>;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ env, remove } = await newStore('embedded'));
  // Long enough that nobody is rightly reset for having fallen off, however fast is posted.
  service = await startTestService({ ...env, LOG_LENGTH: '100000' });
});

afterEach(async () => {
  await service.close();
  await remove();
});

const UPGRADE = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const HANDSHAKE = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${UPGRADE}`;

async function wire(): Promise<Socket> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function answerTo(bytes: string | Buffer): Promise<string> {
  const socket = await wire();
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

describe('an upgrade', () => {
  it('whose peer resets the connection harms nobody', async () => {
    for (let round = 0; round < 20; round++)
      await Promise.all(
        Array.from({ length: 20 }, async (_, at) => {
          const socket = await wire();
          socket.write(`GET ${at % 2 ? '/nope' : '/v1/editions/en/live'} HTTP/1.1\r\n${UPGRADE}`);
          await new Promise(setImmediate);
          socket.resetAndDestroy();
        }),
      );
    expect((await service.api.get('/healthz')).status).toBe(200);
  });

  it('that is refused is closed, though its peer never closes its half', async () => {
    expect(await answerTo(`GET /nope HTTP/1.1\r\n${UPGRADE}`)).toMatch(/^HTTP\/1\.1 404/);
  });

  it('behind a request that is not answered yet gets no answer among its frames', async () => {
    const poll = 'GET /v1/editions/en/live?wait=1&since=x HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(await answerTo(`${poll}GET /v1/editions/en/live HTTP/1.1\r\n${HANDSHAKE}`)).toBe('');
  });

  it('behind a request that is answered is made', async () => {
    const socket = await wire();
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/);
    socket.write(`GET /v1/editions/en/live HTTP/1.1\r\n${HANDSHAKE}`);
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 101/);
    socket.destroy();
  });

  it.each([
    ['in pieces', 'Transfer-Encoding: chunked', 'zz\r\n'],
    ['of a length', 'Content-Length: 5', 'zz\r\n\r\n'],
  ])('with a body %s is answered as if it were none', async (_how, header, body) => {
    const head = `GET /v1/editions/en/live?wait=0 HTTP/1.1\r\nConnection: close\r\n${header}\r\n${HANDSHAKE}`;
    const answer = await answerTo(`${head}${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 [24]00/);
  });

  it('to something else than a WebSocket is answered as if it were none', async () => {
    const offer =
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\r\n';
    expect(await answerTo(offer)).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe('a body', () => {
  const send = (body: Buffer | string, headers: Record<string, string>) =>
    service.api.send('/v1/items', body as string, headers);

  it.each([
    ['that says gzip and is none', 'notgzip', { 'Content-Encoding': 'gzip' }, 415],
    ['that says br', 'notbr', { 'Content-Encoding': 'br' }, 415],
    ['in another charset', '{}', { 'Content-Type': 'application/json; charset=utf-16' }, 400],
  ])('%s is refused as the client’s mistake', async (_what, body, headers, status) => {
    expect(await send(body, headers)).toMatchObject({ status, body: { status } });
  });

  it('that is not UTF-8 is refused, not published with a hole in it', async () => {
    const { headers } = await service.api.get('/v1/editions/en/snapshot');
    const answer = await service.api.sendBytes(
      '/v1/items',
      Buffer.from('{"edition":"en","headline":"caf\xe9"}', 'latin1'),
    );
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('UTF-8') } });
    expect((await service.api.get('/v1/editions/en/snapshot')).headers.get('etag')).toBe(headers.get('etag'));
  });
});

it('never sends a newcomer back behind the snapshot that it was given', async () => {
  let posting = true;
  const posts = (async () => {
    while (posting) await service.office.newsroom.publish(chief, { edition: 'en', headline: 'On and on' });
  })();
  for (let round = 0; round < 40; round++) {
    const reader = READERS[round % 2 ? 'SSE' : 'WebSocket'](service.url, 'en');
    await reader.until(({ type }) => type === 'item');
    expect(reader.messages.filter(({ type }) => type === 'reset')).toEqual([]);
    reader.close();
  }
  posting = false;
  await posts;
});

const chief = { actor: { id: 'test', grants: [{ role: 'chief' as const, edition: '*' }] }, from: 'test' };

it('moves a long poll in a quiet view along with the edition', async () => {
  await service.close();
  service = await startTestService({ ...env, LOG_LENGTH: '10' });
  await service.api.post('First', { tags: ['Rail'] });
  let { position } = (await service.api.get('/v1/editions/en/live?tag=rail&wait=0')).body;
  for (let round = 0; round < 6; round++) {
    for (let post = 0; post < 5; post++) await service.api.post('Not on rails');
    const { body } = await service.api.get(`/v1/editions/en/live?tag=Rail&wait=0&since=${position}`);
    expect(body.messages).toEqual([]);
    expect(body.position).not.toBe(position);
    position = body.position;
  }
});

it('answers each command once its own node shows what was done, above all a kill and a hold', async () => {
  const shown = async () => {
    const read = await Promise.all(['/en', '/v1/editions/en/snapshot'].map((path) => service.api.get(path)));
    return read.map(({ body }) => JSON.stringify(body));
  };
  for (let round = 0; round < 20; round++) {
    const { item } = await service.api.post(`Canary ${round}`);
    for (const body of await shown()) expect(body).toContain(`Canary ${round}`);
    await service.api.act(item.id, round % 2 ? 'kill' : 'hold', round % 2 ? { notice: 'Gone.' } : {});
    for (const body of await shown()) expect(body).not.toContain(`Canary ${round}`);
  }
});

it('leads to the edition in the language that the browser asks for', async () => {
  const front = (language: string) =>
    fetch(service.url, { redirect: 'manual', headers: { 'Accept-Language': language } }).then(({ headers }) =>
      headers.get('location'),
    );
  expect(await front('en-GB,en;q=0.9')).toBe('/en');
  expect(await front('ru;q=0.5, de')).toBe('/ru');
  expect(await front('ja')).toBe('/uk');
});
