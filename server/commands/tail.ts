import type { Message } from '../../shared/wire.ts';
import { readSettings } from '../config.ts';
import { Problem } from '../errors.ts';
import { Fanout } from '../fanout.ts';
import { createLog } from '../log.ts';
import { followEdition, openOffice } from '../office.ts';
import type { Outlet } from '../reader.ts';
import { say } from './office.ts';

/** Prints what happens in an edition, a message a line as readers get it, until it is stopped. */
export async function tail(edition: string): Promise<void> {
  const settings = readSettings(process.env);
  const office = await openOffice(settings);
  if (!office.file.editions.has(edition)) {
    await office.engine.close();
    throw new Problem('unknown-edition', `There is no edition "${edition}".`);
  }
  const log = createLog(settings.LOG_LEVEL);
  const { tape, follow } = followEdition(office, edition, log, () => fanout.moved(edition));
  const fanout = new Fanout({
    tapes: [tape],
    clock: office.clock,
    heartbeatMs: settings.HEARTBEAT_MS,
    lifetimeMs: Number.MAX_SAFE_INTEGER,
  });
  await follow.start();
  fanout.join(edition, stdoutOutlet, { position: tape.head });
  say(`Following ${edition} from ${tape.headPosition}. Ctrl+C stops.`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, async () => {
      fanout.close();
      await follow.stop();
      await office.engine.close();
    });
}

const stdoutOutlet: Outlet = {
  dialect: {
    encode(message: Message): Buffer {
      return Buffer.from(message.type === 'beat' ? '' : `${JSON.stringify(message)}\n`);
    },
  },
  write(bytes: Buffer): boolean {
    process.stdout.write(bytes);
    return true;
  },
  end(): void {},
  cut(): void {},
};
