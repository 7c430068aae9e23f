import type { Socket, World } from '../../client/widget/world.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import { ManualClock } from './clock.ts';

/** A request that waits to be answered. */
export class TestRequest {
  readonly url: URL;
  readonly init: RequestInit;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: Error) => void;

  constructor(url: string, init: RequestInit, resolve: (response: Response) => void, reject: (error: Error) => void) {
    this.url = new URL(url);
    this.init = init;
    this.#resolve = resolve;
    this.#reject = reject;
    init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
  }

  answer(snapshot: Snapshot): Promise<void> {
    this.#resolve(Response.json(snapshot));
    return settled();
  }

  refuse(status: number): Promise<void> {
    this.#resolve(Response.json({ status, title: 'Not now' }, { status }));
    return settled();
  }

  fail(): Promise<void> {
    this.#reject(new TypeError('no network'));
    return settled();
  }
}

/** A socket whose other end is the test. */
export class TestSocket implements Socket {
  readonly url: URL;
  closed = false;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;

  constructor(url: string) {
    this.url = new URL(url);
  }

  close(): void {
    this.closed = true;
  }

  say(message: Message): void {
    this.sayRaw(JSON.stringify(message));
  }

  sayRaw(data: string): void {
    this.onmessage?.call(this as unknown as WebSocket, { data } as MessageEvent);
  }

  drop(): void {
    this.onclose?.call(this as unknown as WebSocket, {} as CloseEvent);
  }
}

/** The machine that a connection runs on: nothing is answered, and no time passes, unless the test says so. */
export class TestWorld implements World {
  readonly clock = new ManualClock();
  readonly requests: TestRequest[] = [];
  readonly sockets: TestSocket[] = [];
  /** What `random` gives; half of every jitter unless set. */
  chance = 0.5;

  fetch(url: string, init: RequestInit): Promise<Response> {
    return new Promise((resolve, reject) => this.requests.push(new TestRequest(url, init, resolve, reject)));
  }

  open(url: string): TestSocket {
    const socket = new TestSocket(url);
    this.sockets.push(socket);
    return socket;
  }

  now(): number {
    return this.clock.now();
  }

  random(): number {
    return this.chance;
  }

  after(ms: number, then: () => void): () => void {
    return this.clock.after(ms, then);
  }

  pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    return settled();
  }
}

/** Promises that are kept already have run what waits for them. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
