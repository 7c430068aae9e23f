import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Admission } from './admission.ts';
import { Audience } from './audience.ts';
import type { Settings } from './config.ts';
import { StartError } from './errors.ts';
import { Fanout } from './fanout.ts';
import { pollGateway } from './gateways/poll.ts';
import { sseGateway } from './gateways/sse.ts';
import { Greetings } from './greeting.ts';
import { createApp, routeTable } from './http/app.ts';
import { DeskStreams } from './http/desk-live.ts';
import { watchDue } from './http/due.ts';
import { isWebSocket, streamsFirst, upgrades } from './http/live.ts';
import type { Route } from './http/route.ts';
import { SessionCookie } from './http/session-cookie.ts';
import { SsoCookie } from './http/sso-cookie.ts';
import type { Log } from './log.ts';
import { followEdition, type Office, publicUrlOf } from './office.ts';
import type { Parts } from './parts.ts';
import { endPins } from './pins.ts';
import { openProofs } from './proofs.ts';
import { storeSecret } from './secret.ts';
import { Similar } from './similar.ts';
import { siteReader } from './site.ts';
import { Snapshots } from './snapshot.ts';
import { internet, type Network } from './unfurl/network.ts';
import { Unfurl } from './unfurl.ts';

export interface Running {
  /** Where readers find it: the host is `localhost` for the loopback address. */
  url: string;
  /** What it serves, and to whom. */
  routes: readonly Route[];
  /** Sends the readers elsewhere while snapshots and the newsroom go on. Resolves when the time for it is over. */
  drain: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * @param network where pages that the newsroom links to are fetched from
 * @throws StartError
 */
export async function startService(office: Office, log: Log, network: Network = internet()): Promise<Running> {
  const { settings, file, engine, newsroom, seal, clock } = office;
  const followed = new Map(
    [...file.editions].map(([id, info]) => [id, { info, ...followEdition(office, id, log, moved) }]),
  );
  const tapes = [...followed.values()].map(({ tape }) => tape);
  const fanout = new Fanout({ tapes, clock, heartbeatMs: settings.HEARTBEAT_MS, lifetimeMs: settings.LIFETIME_MS });
  const snapshots = new Snapshots(engine, followed, seal);
  const similar = new Similar(engine, followed, clock);
  const admission = new Admission({
    clock,
    count: () => fanout.count(),
    maxReaders: settings.MAX_READERS,
    acceptsPerSecond: settings.ACCEPTS_PER_SECOND,
  });
  const greetings = new Greetings(settings.HEARTBEAT_MS);
  const live = { admission, fanout, greetings, snapshots, followed, siteOf: siteReader(settings.PUBLIC_URL) };
  const audience = new Audience({ records: engine.records, fanout, editions: [...file.editions.keys()], clock });
  const desk = {
    ...openProofs(office, log),
    sessionCookie: new SessionCookie(settings, office.sessions, await storeSecret(engine.records, 'session')),
    ssoCookie: new SsoCookie(settings),
    deskStreams: new DeskStreams(clock, settings.HEARTBEAT_MS),
  };
  const parts: Parts = {
    ...office,
    ...live,
    ...desk,
    audience,
    unfurl: new Unfurl(network, clock),
    similar,
    log,
    sse: sseGateway(live),
    poll: pollGateway(live, clock),
  };
  const routes = routeTable(parts);
  const server = createServer({ shouldUpgradeCallback: isWebSocket }, streamsFirst(parts, createApp(parts, routes)));
  server.on('upgrade', upgrades(live, watchDue(server)));
  await Promise.all([...followed.values()].map(({ follow }) => follow.start()));
  const stopPins = endPins({ newsroom, snapshots, editions: [...file.editions.keys()], clock, log });
  await listen(server, settings);
  const { port } = server.address() as AddressInfo;
  return { url: publicUrlOf({ ...settings, PORT: port }), routes, drain, close };

  function moved(edition: string): void {
    similar.moved(edition);
    fanout.moved(edition);
  }

  async function drain(): Promise<void> {
    admission.close();
    if (fanout.count() > 0) await fanout.drain(settings.DRAIN_MS);
  }

  async function close(): Promise<void> {
    stopPins();
    const closed = new Promise((resolve) => server.close(resolve));
    fanout.close();
    desk.deskStreams.close();
    server.closeIdleConnections();
    await Promise.race([closed, new Promise((resolve) => clock.after(2_000, () => resolve(undefined)))]);
    server.closeAllConnections();
    await Promise.all([audience.close(), ...[...followed.values()].map(({ follow }) => follow.stop())]);
    await engine.close();
  }
}

function listen(server: Server, { PORT, HOST }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `Port ${PORT} is taken. Stop the other program or set PORT.`,
        EACCES: `Port ${PORT} needs more rights. Set PORT to one above 1023.`,
        EADDRNOTAVAIL: `The address ${HOST} is not this machine's. Correct HOST.`,
        ENOTFOUND: `The host ${HOST} is unknown. Correct HOST.`,
      };
      reject(new StartError(why[error.code ?? ''] ?? `Cannot listen on ${HOST}:${PORT} (${error.message}).`));
    });
    server.listen(PORT, HOST, resolve);
  });
}
