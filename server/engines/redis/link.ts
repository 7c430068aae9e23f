import { Redis } from 'ioredis';
import { StartError } from '../../errors.ts';
import { ANSWER_MS, isReply } from './failure.ts';
import { OPEN_MS, refuseBroken, refuseOld, startError } from './start.ts';

const RECONNECT_MS = 2_000;

/**
 * A connection that never waits in silence: a command fails at once while the link is down and after `ANSWER_MS` when
 * Redis does not answer, and is never sent a second time, since a commit may have been carried out already. The link
 * itself comes back for as long as it takes.
 *
 * @throws StartError when the first connection fails or the server is too old
 */
export async function openLink(url: string, role: string): Promise<Redis> {
  refuseBroken(url);
  let failure: Error | undefined;
  const link = new Redis(url, {
    lazyConnect: true,
    connectionName: `motograph-${role}`,
    connectTimeout: OPEN_MS,
    commandTimeout: ANSWER_MS,
    // A link that answers nothing at all, not even to TCP, would otherwise be kept for minutes.
    socketTimeout: ANSWER_MS + 1_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Rejects what is under way as soon as the link breaks.
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: pause,
    // After a failover the old primary, a replica now, may still hold the connection.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  link.on('error', (error: Error) => {
    failure = error;
  });
  const deadline = setTimeout(() => link.disconnect(), OPEN_MS);
  try {
    await link.connect();
    await refuseOld(link, url);
    // The client selects the database of the address by itself, but goes on in database 0 when it cannot.
    await link.select(link.options.db ?? 0);
    return link;
  } catch (error) {
    link.disconnect();
    if (error instanceof StartError) throw error;
    // A connection that fails says why in an event, and here only that it was closed.
    throw startError(url, isReply(error) ? error : failure);
  } finally {
    clearTimeout(deadline);
  }
}

/** Lets what is under way finish, if the link is up. */
export async function closeLink(link: Redis): Promise<void> {
  await link.quit().catch(() => link.disconnect());
}

function pause(times: number): number {
  return 20 + Math.random() * Math.min(RECONNECT_MS, 50 * 2 ** times);
}
