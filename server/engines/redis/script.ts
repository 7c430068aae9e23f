import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { unavailable } from './failure.ts';

export interface Script {
  lua: string;
  sha: string;
}

export const COMMIT = load('commit');
/** For kill and hold: a full store must not refuse them. */
export const COMMIT_WHEN_FULL = scriptOf(COMMIT.lua.replace('#!lua', '#!lua flags=allow-oom'));
export const READ = load('read');
export const ROWS = load('rows');
export const ROTATE = load('rotate');
export const ITEM = load('item');
export const REVISIONS = load('revisions');
export const PUT = load('put');
export const TAKE = load('take');
export const INCREMENT = load('increment');
export const CHANGE = load('change');
export const AUDIT = load('audit');

/** @throws EngineUnavailable */
export function run(link: Redis, script: Script, keys: string[], args: (string | number)[]): Promise<unknown> {
  return attempt(script, (command, body) => link[command](body, keys.length, ...keys, ...args));
}

/**
 * Sends a script by its digest, and by its text when Redis does not know it: after a restart, a failover or a SCRIPT
 * FLUSH.
 *
 * @throws EngineUnavailable
 */
export async function attempt<T>(script: Script, send: (command: 'evalsha' | 'eval', body: string) => Promise<T>) {
  try {
    return await send('evalsha', script.sha).catch((error: Error) => {
      if (!error.message.startsWith('NOSCRIPT')) throw error;
      return send('eval', script.lua);
    });
  } catch (error) {
    throw unavailable(error);
  }
}

function load(name: string): Script {
  return scriptOf(readFileSync(new URL(`${name}.lua`, import.meta.url), 'utf8'));
}

function scriptOf(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
