import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Response } from 'express';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineUnavailable } from '../../server/engine.ts';
import { DeskStreams } from '../../server/http/desk-live.ts';
import type { Actor } from '../../server/roles.ts';
import { ManualClock } from '../support/clock.ts';

const VIEWER: Actor = { id: 'staff:1', grants: [{ role: 'viewer', edition: 'en' }] };

const server = createServer();
let clock: ManualClock;
let streams: DeskStreams;
/** What is known of the session by now, and how often that was asked. */
let actor: Actor | undefined | Error;
let looks: number;

const credential = {
  id: 'session:1',
  look: async () => {
    looks++;
    if (actor instanceof Error) throw actor;
    return actor;
  },
};

beforeEach(async () => {
  clock = new ManualClock();
  streams = new DeskStreams(clock, 1_000);
  actor = VIEWER;
  looks = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  streams.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A real answer that has yet to be given, and what its client was sent of it. */
async function asked() {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  let text = '';
  client.on('data', (data) => {
    text += data;
  });
  return { client, response: response as unknown as Response, sent: () => text };
}

it('asks once for all streams of a session, and shuts them all when it is over', async () => {
  const tabs = [await asked(), await asked(), await asked()];
  for (const { response } of tabs) streams.open(credential, response);
  clock.advance(250);
  await turn();
  expect(looks).toBe(1);
  actor = undefined;
  clock.advance(250);
  await Promise.all(tabs.map(({ response }) => once(response, 'finish')));
  await expect.poll(() => tabs.every(({ sent }) => sent().includes('event: signed-out'))).toBe(true);
});

it('shuts the stream of somebody who may not read any more', async () => {
  const { response } = await asked();
  streams.open(credential, response);
  actor = { ...VIEWER, grants: [] };
  clock.advance(250);
  await once(response, 'finish');
});

it('shuts nobody out because the store does not answer', async () => {
  const { response, sent } = await asked();
  streams.open(credential, response);
  actor = new EngineUnavailable('away');
  clock.advance(250);
  await turn();
  actor = VIEWER;
  clock.advance(1_000);
  await expect.poll(sent).toContain('event: beat');
  expect(looks).toBeGreaterThan(1);
  expect(response.writableEnded).toBe(false);
});

it('forgets who goes, and takes nobody who has gone already', async () => {
  const [gone, goes] = [await asked(), await asked()];
  gone.client.destroy();
  await once(gone.response, 'close');
  streams.open(credential, gone.response);
  streams.open(credential, goes.response);
  goes.client.destroy();
  await once(goes.response, 'close');
  clock.advance(250);
  await turn();
  expect(looks).toBe(0);
});

it('cuts who reads nothing of what is sent', async () => {
  const { client, response } = await asked();
  client.pause();
  streams.open(credential, response);
  while (!response.writableNeedDrain) response.write('x'.repeat(65_536));
  clock.advance(1_000);
  await once(response, 'close');
});
