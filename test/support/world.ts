import type { Signal, Socket, Stream, World } from '../../client/widget/world.ts';
import type { Message, Polled, Snapshot } from '../../shared/wire.ts';
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

  answer(body: Snapshot | Polled, headers: Record<string, string> = {}): Promise<void> {
    this.#resolve(Response.json(body, { headers }));
    return settled();
  }

  refuse(status: number, headers: Record<string, string> = {}): Promise<void> {
    this.#resolve(Response.json({ status, title: 'Not now' }, { status, headers }));
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

/** An event stream whose other end is the test. */
export class TestStream implements Stream {
  readonly url: URL;
  closed = false;
  onerror: Stream['onerror'] = null;
  readonly #target = new EventTarget();

  constructor(url: string) {
    this.url = new URL(url);
  }

  addEventListener(type: string, listener: (event: MessageEvent) => void): void {
    this.#target.addEventListener(type, listener as (event: Event) => void);
  }

  close(): void {
    this.closed = true;
  }

  say(message: Message): void {
    this.#target.dispatchEvent(new MessageEvent(message.type, { data: JSON.stringify(message) }));
  }

  drop(): void {
    this.onerror?.call(this as unknown as EventSource, new Event('error'));
  }
}

/** The machine that a connection runs on: nothing is answered, and no time passes, unless the test says so. */
export class TestWorld implements World {
  readonly clock = new ManualClock();
  readonly requests: TestRequest[] = [];
  readonly sockets: TestSocket[] = [];
  readonly streams: TestStream[] = [];
  readonly #window = new EventTarget();
  /** Whether its page is out of sight. */
  away = false;
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

  stream(url: string): TestStream {
    const stream = new TestStream(url);
    this.streams.push(stream);
    return stream;
  }

  hidden(): boolean {
    return this.away;
  }

  on(signal: Signal, then: () => void): () => void {
    this.#window.addEventListener(signal, then);
    return () => this.#window.removeEventListener(signal, then);
  }

  /** The page goes out of sight, or comes back. */
  look(away: boolean): Promise<void> {
    this.away = away;
    return this.signal('visibilitychange');
  }

  signal(signal: Signal): Promise<void> {
    this.#window.dispatchEvent(new Event(signal));
    return settled();
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
