import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readSettings, type Settings } from '../config.ts';
import type { Caller } from '../newsroom.ts';
import { type Office, openOffice } from '../office.ts';

/** Opens the store for one command and closes it whatever happens. */
export async function withOffice<T>(run: (office: Office) => Promise<T>): Promise<T> {
  const office = await openOffice(readSettings(process.env));
  try {
    return await run(office);
  } finally {
    await office.engine.close();
  }
}

/** Who can open the store may do everything; the audit keeps which account it was. */
export function operator(key?: string): Caller {
  return { actor: { id: `cli:${userInfo().username}`, grants: [{ role: 'chief', edition: '*' }] }, from: 'cli', key };
}

/** Whoever reads our data may have enough of it (`| head`): that is no failure of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Data goes to stdout, for programs. */
export function print(data: unknown): void {
  process.stdout.write(`${typeof data === 'string' ? data : JSON.stringify(data)}\n`);
}

/** Words go to stderr, for people. */
export function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

/** Which store the settings name, without its password: a command beside a server must be given the same one. */
export function storeOf({ REDIS_URL, DATA_DIR }: Settings): string {
  return REDIS_URL === undefined ? resolve(DATA_DIR) : REDIS_URL.replace(/\/\/[^@/]*@/, '//');
}
