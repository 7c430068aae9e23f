import type { Message } from '../../shared/wire.ts';
import type { World } from './world.ts';

/** One socket, until it is closed or lost. */
export interface Link {
  close(): void;
}

const UNTIL_HELLO = 20_000;
const HEARTBEATS_MISSED = 2.5;

/** `lost` is called at most once, and neither function after `close`. */
export function openLink(world: World, url: string, heard: (message: Message) => void, lost: () => void): Link {
  const socket = world.open(url);
  let patience = UNTIL_HELLO;
  let stopWatching = () => {};

  const close = () => {
    stopWatching();
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  };
  const fail = () => {
    close();
    lost();
  };
  // A connection can die without a word: a phone changes networks, a laptop sleeps.
  const watch = () => {
    stopWatching();
    stopWatching = world.after(patience, fail);
  };

  watch();
  socket.onclose = fail;
  socket.onmessage = ({ data }) => {
    const message = parse(data);
    // What cannot be read may have been a correction: start again from the last position.
    if (!message) return fail();
    if (message.type === 'hello') patience = HEARTBEATS_MISSED * message.heartbeatMs;
    watch();
    heard(message);
  };
  return { close };
}

function parse(data: string): Message | undefined {
  try {
    const message = JSON.parse(data);
    return typeof message?.type === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
