import { readSettings } from '../config.ts';
import { joinLink } from '../http/join-link.ts';
import { createLog } from '../log.ts';
import { type Office, openOffice } from '../office.ts';
import { startService } from '../service.ts';
import { say, storeOf } from './office.ts';

/** Where the desk is; while it has no chief, the link that makes the first one. */
async function deskOf({ links }: Office, url: string): Promise<string> {
  // A store that takes no writes just now does not stop the readers' side.
  const token = await links.first().catch(() => undefined);
  return token === undefined ? `${url}/desk` : `${joinLink(url, token)} (makes the first chief, once, within 24 hours)`;
}

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog(settings.LOG_LEVEL);
  const office = await openOffice(settings);
  const running = await startService(office, log).catch(async (error: unknown) => {
    await office.engine.close();
    throw error;
  });
  // Before a word is said: whoever hears that it serves may end it in the next moment.
  process.once('SIGTERM', () => stop('SIGTERM', running.drain()));
  process.once('SIGINT', () => stop('SIGINT', Promise.resolve()));
  const durability = await office.engine.durability();
  log.info({ url: running.url, engine: office.engine.name, durability }, 'serving');
  const [first] = office.file.editions.keys();
  const edition = office.file.editions.has('en') ? 'en' : first;
  say(
    [
      '',
      `The ticker:  ${running.url}/${edition}`,
      `The desk:    ${await deskOf(office, running.url)}`,
      `Post to it:  npm run motograph -- post ${edition} "Your first headline"`,
      `Kept in:     ${storeOf(settings)} (commands need the same settings)`,
      '',
    ].join('\n'),
  );

  /** A second signal of the same kind finds no handler and ends the process. */
  function stop(signal: string, drained: Promise<void>): void {
    log.info({ signal }, 'stopping');
    drained
      .then(() => running.close())
      .then(
        () => process.exit(0),
        (error: Error) => {
          log.error({ error: error.message }, 'stopped in disorder');
          process.exit(1);
        },
      );
  }
}
