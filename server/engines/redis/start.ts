import type { Redis } from 'ioredis';
import { StartError } from '../../errors.ts';
import { isReply, isTimeout } from './failure.ts';

export const OPEN_MS = 5_000;
const OLDEST = 7;

/**
 * Passwords are often pasted in as they are. Their "#", "/" or "?" ends the address early, and what comes before is
 * taken for host and port, which errors show.
 *
 * @throws StartError
 */
export function refuseBroken(url: string): void {
  if (URL.canParse(url)) {
    const { protocol, pathname, search, hash } = new URL(url);
    if (/^rediss?:$/.test(protocol) && /^\/?\d*$/.test(pathname) && !`${search}${hash}`.includes('@') && !hash) return;
  }
  throw new StartError(
    'REDIS_URL is not an address like redis://user:password@host:6379/0 (with %XX for special characters).',
  );
}

/** HELLO answers every user who may sign in, where INFO may be refused. Before Redis 6 it was unknown. @throws StartError */
export async function refuseOld(link: Redis, url: string): Promise<void> {
  const hello = await link.call('HELLO').catch((error: Error) => {
    if (error.message.includes('unknown command')) return ['version', '5 or older'];
    throw error;
  });
  const facts = hello as unknown[];
  const version = String(facts[facts.indexOf('version') + 1]);
  if (Number.parseInt(version, 10) < OLDEST)
    throw new StartError(`Redis at ${addressOf(url)} is version ${version}. Use Redis ${OLDEST} or newer, or Valkey.`);
}

/** One line for a person, out of what went wrong while the first connection was made. */
export function startError(url: string, failure: unknown): StartError {
  const address = addressOf(url);
  if (isReply(failure) && /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(failure.message))
    return new StartError(
      `Redis at ${address} refuses to let us in: ${withoutStop(failure.message)}. Correct REDIS_URL.`,
    );
  return new StartError(`Cannot reach Redis at ${address}: ${reasonOf(failure)}. Start it or correct REDIS_URL.`);
}

/** A name that stands for several addresses fails with one error for each and no message of its own. */
function reasonOf(failure: unknown): string {
  const first = failure instanceof AggregateError ? failure.errors[0] : failure;
  if (!(first instanceof Error) || isTimeout(first)) return `not ready within ${OPEN_MS / 1_000} s`;
  return 'code' in first && 'syscall' in first ? `${first.syscall} ${first.code}` : withoutStop(first.message);
}

/** Some replies of Redis are sentences, some are not. */
function withoutStop(words: string): string {
  return words.replace(/\.$/, '');
}

/** Without user name, password and query, where passwords may stand as well. */
function addressOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
