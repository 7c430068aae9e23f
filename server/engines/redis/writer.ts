import type { Redis } from 'ioredis';
import { EngineUnavailable } from '../../engine.ts';
import { unavailable } from './failure.ts';
import { attempt, type Script } from './script.ts';

const WAIT_MS = 1_000;

interface Written<T = unknown> {
  reply: T;
  /** @throws EngineUnavailable when fewer replicas than asked for have what was written */
  confirm(): Promise<void>;
}

/** The connection that writes go over, with as many replicas as an acknowledgement needs. */
export interface Writer {
  run(script: Script, keys: string[], args: (string | number)[]): Promise<Written>;
  send<T>(command: (link: Redis) => Promise<T>): Promise<Written<T>>;
}

export function createWriter(link: Redis, replicas: number): Writer {
  let connection = 0;
  link.on('close', () => connection++);
  let waiting: Promise<unknown> = Promise.resolve();
  let next: Promise<{ reached: number; over: number }> | undefined;

  /** One WAIT at a time, for all that was written before it is sent: each holds up the connection while it lasts. */
  function countReplicas() {
    next ??= waiting.then(async () => {
      next = undefined;
      const counting = link.wait(replicas, WAIT_MS);
      waiting = counting.catch(() => {});
      const over = connection;
      return { reached: await counting, over };
    });
    return next;
  }

  async function written<T>(command: Promise<T>): Promise<Written<T>> {
    const sentOver = connection;
    const reply = await command;
    return {
      reply,
      async confirm() {
        if (replicas === 0) return;
        const { reached, over } = await countReplicas().catch((error) => {
          throw unavailable(error);
        });
        // WAIT answers for its own connection: over a later one, to another primary perhaps, it says nothing of this write.
        if (reached < replicas || over !== sentOver)
          throw new EngineUnavailable('Not confirmed by a replica: outcome unknown, retry with the same key.');
      },
    };
  }

  return {
    run: (script, keys, args) =>
      attempt(script, (command, body) => written(link[command](body, keys.length, ...keys, ...args))),
    send: (command) =>
      written(command(link)).catch((error) => {
        throw unavailable(error);
      }),
  };
}
