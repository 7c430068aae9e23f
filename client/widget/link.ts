import type { Message } from '../../shared/wire.ts';
import type { Address } from './address.ts';
import { later, type World } from './world.ts';

/** One way to what happens, from a position on, until it is closed or lost. */
export interface Link {
  close(): void;
}

export interface Ears {
  heard(message: Message): void;
  /** At most once, and nothing is heard after it. `waitMs`: how long the server wants to be left alone. */
  lost(waitMs?: number): void;
}

export type OpenLink = (world: World, address: Address, since: string, ears: Ears) => Link;

const UNTIL_HELLO = 10_000;
const HEARTBEATS_MISSED = 2.5;

/** A link that is told what comes in, and is lost when nothing comes for too long. */
interface Watched extends Link {
  /** Undefined: something that could not be read. */
  hear(message: Message | undefined): void;
  fail(waitMs?: number): void;
}

/** @param end is called once, when the link is closed or lost */
export function watched(world: World, { heard, lost }: Ears, end: () => void): Watched {
  let patience = UNTIL_HELLO;
  let over = false;

  const close = () => {
    if (over) return;
    over = true;
    watch();
    end();
  };
  const fail = (waitMs?: number) => {
    if (over) return;
    close();
    lost(waitMs);
  };
  // A connection can die without a word: a phone changes networks, a laptop sleeps.
  const watch = later(world, fail);
  const hear = (message: Message | undefined) => {
    if (over) return;
    // What cannot be read may have been a correction: start again from the last position.
    if (!message) return fail();
    if (message.type === 'hello') patience = HEARTBEATS_MISSED * message.heartbeatMs;
    watch(patience);
    heard(message);
  };

  watch(patience);
  return { close, fail, hear };
}

export function parse(text: string): Message | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message?.type === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
