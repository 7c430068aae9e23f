import type { Redis } from 'ioredis';
import type { Records, Stored } from '../../records.ts';
import { unavailable } from './failure.ts';
import { recordKeys } from './keys.ts';
import { PUT } from './script.ts';
import type { Writer } from './writer.ts';

export function createRecords(prefix: string, link: Redis, writer: Writer): Records {
  return {
    async get(kind, id) {
      const text = await ask(link.get(recordKeys(prefix, kind).record(id)));
      return text === null ? undefined : storedOf(text);
    },

    async put(kind, id, value, expects, lifeMs) {
      const keys = recordKeys(prefix, kind);
      const args = [id, expects, JSON.stringify(value), lifeMs ?? ''];
      const { reply, confirm } = await writer.run(PUT, [keys.record(id), keys.ids], args);
      await confirm();
      return reply === 1;
    },

    async list(kind) {
      const keys = recordKeys(prefix, kind);
      const ids = (await ask(link.zrange(keys.ids, '0', '-1'))).sort();
      const texts = ids.length === 0 ? [] : await ask(link.mget(ids.map(keys.record)));
      // One that has ended meanwhile, or whose id no put has taken out yet, is null.
      return texts.flatMap((text, at) => (text === null ? [] : [{ id: ids[at] ?? '', ...storedOf(text) }]));
    },
  };
}

/** `<version> <JSON>` */
function storedOf(text: string): Stored {
  const space = text.indexOf(' ');
  return { version: Number(text.slice(0, space)), value: JSON.parse(text.slice(space + 1)) };
}

function ask<T>(reply: Promise<T>): Promise<T> {
  return reply.catch((error) => {
    throw unavailable(error);
  });
}
