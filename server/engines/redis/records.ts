import type { Redis } from 'ioredis';
import type { Records, Stored } from '../../records.ts';
import { unavailable } from './failure.ts';
import { recordsKey } from './keys.ts';
import { PUT } from './script.ts';
import type { Writer } from './writer.ts';

export function createRecords(prefix: string, link: Redis, writer: Writer): Records {
  return {
    async get(kind, id) {
      const text = await ask(link.hget(recordsKey(prefix, kind), id));
      return text === null ? undefined : storedOf(text);
    },

    async put(kind, id, value, expects) {
      const { reply, confirm } = await writer.run(
        PUT,
        [recordsKey(prefix, kind)],
        [id, expects, JSON.stringify(value)],
      );
      await confirm();
      return reply === 1;
    },

    async list(kind) {
      const texts = await ask(link.hgetall(recordsKey(prefix, kind)));
      return Object.entries(texts)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, text]) => ({ id, ...storedOf(text) }));
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
