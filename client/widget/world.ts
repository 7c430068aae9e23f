export type Socket = Pick<WebSocket, 'onmessage' | 'onclose' | 'close'>;
export type Stream = Pick<EventSource, 'onerror' | 'close'> & {
  addEventListener(type: string, listener: (event: MessageEvent) => void): void;
};

/** What tells of a page that goes out of sight, comes back, or changes networks. All of it is heard at the window. */
export type Signal = 'visibilitychange' | 'pagehide' | 'pageshow' | 'freeze' | 'resume' | 'online' | 'offline';

/** What a connection needs of the machine it runs on, so that a test can be the machine. */
export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>;
  open(url: string): Socket;
  stream(url: string): Stream;
  now(): number;
  random(): number;
  /** Calls `then` once; the returned function cancels. */
  after(ms: number, then: () => void): () => void;
  hidden(): boolean;
  /** Calls `then` at each; the returned function stops that. */
  on(signal: Signal, then: () => void): () => void;
}

export const BROWSER: World = {
  fetch: (url, init) => fetch(url, init),
  open: (url) => new WebSocket(url),
  stream: (url) => new EventSource(url),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  hidden: () => document.hidden,
  on(signal, then) {
    addEventListener(signal, then);
    return () => removeEventListener(signal, then);
  },
};

/** Calls `then` once, so many milliseconds after it was last asked to; asked without a number, not at all any more. */
export function later(world: World, then: () => void): (ms?: number) => void {
  let cancel = () => {};
  return (ms) => {
    cancel();
    if (ms !== undefined) cancel = world.after(ms, then);
  };
}

const LEAST = 500;
const BASE = 1_000;
const MOST = 30_000;

/** Full jitter: a restart drops every reader at one moment, and they must not come back at one moment. */
export function backOff(world: World, failures: number): number {
  const ceiling = Math.min(MOST, BASE * 2 ** (failures - 1));
  return LEAST + world.random() * (ceiling - LEAST);
}

/** What a server that is busy asks for, in milliseconds and a little more, so that those it sent away come back apart. */
export function askedFor(world: World, { headers }: Response): number {
  const seconds = Number(headers.get('Retry-After')) || 0;
  return seconds && seconds * 1_000 + world.random() * BASE;
}
