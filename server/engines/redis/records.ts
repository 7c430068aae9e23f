import type { Redis } from 'ioredis';
import { EngineUnavailable } from '../../engine.ts';
import type { OfficeActRow, Records, Stored } from '../../records.ts';
import { newestBefore } from './audit.ts';
import { unavailable } from './failure.ts';
import { recordKeys } from './keys.ts';
import { CHANGE, INCREMENT, PUT, type Script, TAKE } from './script.ts';
import type { Writer } from './writer.ts';

export function createRecords(prefix: string, link: Redis, writer: Writer): Records {
  const keys = recordKeys(prefix);

  async function confirmed(script: Script, names: string[], args: (string | number)[]): Promise<unknown> {
    const { reply, confirm } = await writer.run(script, names, args);
    await confirm();
    return reply;
  }

  return {
    async get(kind, id) {
      const text = await ask(link.get(keys.record(kind, id)));
      return text === null ? undefined : storedOf(text);
    },

    async put(kind, id, value, expects, lifeMs) {
      const args = [id, expects, JSON.stringify(value), lifeOf(lifeMs)];
      return (await confirmed(PUT, [keys.record(kind, id), keys.ids(kind)], args)) === 1;
    },

    async list(kind) {
      const ids = (await ask(link.zrange(keys.ids(kind), '0', '-1'))).sort();
      const texts = ids.length === 0 ? [] : await ask(link.mget(ids.map((id) => keys.record(kind, id))));
      // One that has ended meanwhile, or whose id no put has taken out yet, is null.
      return texts.flatMap((text, at) => (text === null ? [] : [{ id: ids[at] ?? '', ...storedOf(text) }]));
    },

    async take(kind, id) {
      const text = await confirmed(TAKE, [keys.record(kind, id), keys.ids(kind)], [id]);
      return text === null ? undefined : storedOf(text as string);
    },

    async increment(kind, id, by, lifeMs) {
      const reply = await confirmed(INCREMENT, [keys.record(kind, id), keys.ids(kind)], [id, by, lifeOf(lifeMs)]);
      const [count, leftMs] = reply as [count: string, leftMs?: number];
      if (leftMs === undefined) throw new EngineUnavailable(`Record ${id} of kind ${kind} is no counter.`);
      return { count: Number(count), leftMs };
    },

    async change(writes, { actor, from, action, subject, editions, why = '' }) {
      const names = writes.flatMap(({ kind, id }) => [keys.record(kind, id), keys.ids(kind)]);
      const args = writes.flatMap(({ id, expects, value, lifeMs }) => [
        id,
        expects,
        // No JSON is empty.
        value === undefined ? '' : JSON.stringify(value),
        lifeOf(lifeMs),
      ]);
      const act = [actor, from, action, subject, JSON.stringify(editions), why];
      return (await confirmed(CHANGE, [keys.acts, ...names], [...act, ...args])) === 1;
    },

    async acts(limit, before) {
      const rows = await ask(link.xrevrange(keys.acts, newestBefore(before), '-', 'COUNT', limit));
      return rows.map(([entry, fields]) => actOf(entry, fields));
    },
  };
}

/** Redis knows no life that is over before it begins, as one may be that was computed. */
function lifeOf(lifeMs: number | undefined): number | '' {
  return lifeMs === undefined ? '' : Math.max(Math.ceil(lifeMs), 1);
}

/** `<version> <JSON>` */
function storedOf(text: string): Stored {
  const space = text.indexOf(' ');
  return { version: Number(text.slice(0, space)), value: JSON.parse(text.slice(space + 1)) };
}

function actOf(entry: string, fields: string[]): OfficeActRow {
  const [, at, , actor = '', , from = '', , action = '', , subject = '', , editions = '[]', , why] = fields;
  return {
    seq: Number.parseInt(entry, 10),
    at: new Date(Number(at)).toISOString(),
    actor,
    from,
    action,
    subject,
    editions: JSON.parse(editions),
    ...(why && { why }),
  };
}

function ask<T>(reply: Promise<T>): Promise<T> {
  return reply.catch((error) => {
    throw unavailable(error);
  });
}
