export type Socket = Pick<WebSocket, 'onmessage' | 'onclose' | 'close'>;

/** What a connection needs of the machine it runs on, so that a test can be the machine. */
export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>;
  open(url: string): Socket;
  now(): number;
  random(): number;
  /** Calls `then` once; the returned function cancels. */
  after(ms: number, then: () => void): () => void;
}

export const BROWSER: World = {
  fetch: (url, init) => fetch(url, init),
  open: (url) => new WebSocket(url),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

const LEAST = 500;
const BASE = 1_000;
const MOST = 30_000;

/** Full jitter: a restart drops every reader at one moment, and they must not come back at one moment. */
export function backOff(world: World, failures: number): number {
  const ceiling = Math.min(MOST, BASE * 2 ** (failures - 1));
  return LEAST + world.random() * (ceiling - LEAST);
}
