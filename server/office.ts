import { type Clock, systemClock } from './clock.ts';
import type { Settings } from './config.ts';
import { type Door, openDoor } from './door.ts';
import type { Engine } from './engine.ts';
import { openEmbedded } from './engines/embedded.ts';
import { openRedis } from './engines/redis.ts';
import { Follow } from './follow.ts';
import type { Log } from './log.ts';
import { Newsroom } from './newsroom.ts';
import { type NewsroomFile, readNewsroomFile } from './newsroom-file.ts';
import { Seal } from './seal.ts';
import { storeSecret } from './secret.ts';
import { Tape } from './tape.ts';

/** The store and the door to it: what the command line needs beside a running server or without one. */
export interface Office extends Door {
  settings: Settings;
  file: NewsroomFile;
  engine: Engine;
  newsroom: Newsroom;
  seal: Seal;
  clock: Clock;
}

/** @throws StartError */
export async function openOffice(settings: Settings, clock: Clock = systemClock): Promise<Office> {
  const file = readNewsroomFile(settings.NEWSROOM_FILE);
  const editions = [...file.editions.keys()];
  const engine = settings.REDIS_URL
    ? await openRedis({
        url: settings.REDIS_URL,
        prefix: settings.REDIS_PREFIX,
        replicas: settings.REDIS_REPLICAS,
        logLength: settings.LOG_LENGTH,
        editions,
      })
    : await openEmbedded({ dataDir: settings.DATA_DIR, logLength: settings.LOG_LENGTH, editions });
  const seal = await storeSecret(engine.records, 'import').then(
    (secret) => new Seal(secret),
    async (error: unknown) => {
      await engine.close();
      throw error;
    },
  );
  const newsroom = new Newsroom(engine, file, clock, seal);
  const door = openDoor(engine.records, file, clock);
  return { ...door, settings, file, engine, newsroom, seal, clock };
}

/** An edition's tape, followed. */
export function followEdition(office: Office, edition: string, log: Log, onMove: (edition: string) => void) {
  const { engine, seal, clock, settings } = office;
  const tape = new Tape(edition, settings.LOG_LENGTH, seal.format);
  return { tape, follow: new Follow({ engine, tape, seal, clock, log, onMove: () => onMove(edition) }) };
}

/** Where people find the service. WebAuthn and cookies want a name, so the loopback address is told as `localhost`. */
export function publicUrlOf({ HOST, PORT, PUBLIC_URL }: Settings): string {
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(HOST) ? 'localhost' : HOST;
  return PUBLIC_URL ?? `http://${host}:${PORT}`;
}
