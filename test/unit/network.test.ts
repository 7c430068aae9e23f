import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { internet, type Network } from '../../server/unfurl/network.ts';

/** Type and data of the records of each name. */
const RECORDS: Record<string, [number, Buffer][]> = {
  'news.example': [
    [1, Buffer.of(93, 184, 215, 14)],
    [1, Buffer.of(127, 0, 0, 1)],
    [28, Buffer.from('26064700000000000000000000001111', 'hex')],
  ],
  'old.example': [[1, Buffer.of(10, 0, 0, 1)]],
};

/** Names are asked for over UDP, as everywhere. */
const names = createSocket('udp4');
names.on('message', (query, { port }) => names.send(answerTo(query), port, '127.0.0.1'));
const server = createServer((socket) => socket.end());
let network: Network;

beforeAll(async () => {
  names.bind(0, '127.0.0.1');
  server.listen(0, '127.0.0.1');
  await Promise.all([once(names, 'listening'), once(server, 'listening')]);
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([`127.0.0.1:${names.address().port}`]);
  network = internet(resolver);
});

afterAll(() => {
  names.close();
  server.close();
});

function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const asked = query.readUInt16BE(at + 1);
  const found = (RECORDS[labels.join('.').toLowerCase()] ?? []).filter(([type]) => type === asked);
  const header = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, found.length, 0, 0, 0, 0]);
  const answers = found.map(([type, data]) =>
    Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data]),
  );
  return Buffer.concat([header, question, ...answers]);
}

it('resolves a name to all its addresses, an address to itself, and an unknown name to none', async () => {
  expect((await network.resolve('news.example')).sort()).toEqual(['127.0.0.1', '2606:4700::1111', '93.184.215.14']);
  expect(await network.resolve('old.example')).toEqual(['10.0.0.1']);
  expect(await network.resolve('nowhere.example')).toEqual([]);
  for (const address of ['127.0.0.1', '::1']) expect(await network.resolve(address)).toEqual([address]);
});

it('connects to the addresses it is given, whatever the name stands for', async () => {
  const { port } = server.address() as AddressInfo;
  const options = { hostname: 'news.example', host: 'news.example', protocol: 'http:', port: String(port) };
  const socket = await new Promise<Socket>((resolve, reject) => {
    network.connect(options, ['127.0.0.1'], (error, socket) => (socket ? resolve(socket) : reject(error)));
  });
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
});
