import type { Signal, Socket, Stream, World } from '../../client/widget/world.ts';
import type { Message, Polled } from '../../shared/wire.ts';
import type { ReaderPlan } from './plan.ts';
import { openTransport, type Transport } from './transport.ts';
import type { Verdict } from './verdict.ts';
import { Watch } from './watch.ts';

/** Readers live ten times as fast as others, so that a run sees more of their lives. */
const HASTE = 10;
/** A reader that has stopped reading does not end its connection for being silent. */
const PATIENCE = 100;

/** Where a reader gets what it reads; asked anew each time, since nodes come and go. */
export interface Sources {
  /** A node that serves, as its address. @throws when there is none */
  node: () => string;
  /** Where snapshots come from. */
  snapshots: () => string;
}

/** The machine and the network of one reader: they let one way through, and everything that comes by it is watched. */
export class ReaderWorld implements World {
  readonly watches: Watch[] = [];
  readonly #name: string;
  readonly #plan: ReaderPlan;
  readonly #verdict: Verdict;
  readonly #sources: Sources;
  readonly #open = new Set<Transport>();
  readonly #started = Date.now();
  /** The node that long polls stay with, and the watch over them. */
  #polling: { node: string; watch: Watch } | undefined;
  stalled = false;
  drops = 0;
  goaways = 0;

  constructor(name: string, plan: ReaderPlan, verdict: Verdict, sources: Sources) {
    this.#name = name;
    this.#plan = plan;
    this.#verdict = verdict;
    this.#sources = sources;
  }

  /** The connection that is read now. */
  get watch(): Watch | undefined {
    return this.watches.findLast(({ closed, greeted }) => greeted && !closed);
  }

  now(): number {
    return this.#started + (Date.now() - this.#started) * HASTE;
  }

  random(): number {
    return Math.random();
  }

  after(ms: number, then: () => void): () => void {
    const timer = setTimeout(then, ms / HASTE);
    return () => clearTimeout(timer);
  }

  hidden(): boolean {
    return false;
  }

  on(_: Signal): () => void {
    return () => {};
  }

  open(address: string): Socket {
    this.#only('ws');
    const socket: Socket = { onmessage: null, onclose: null, close: () => close() };
    const said = (data: string) => socket.onmessage?.call(socket as WebSocket, { data } as MessageEvent);
    const close = this.#connect(new URL(address.replace('ws', 'http')), said, () =>
      socket.onclose?.call(socket as WebSocket, {} as CloseEvent),
    );
    return socket;
  }

  stream(address: string): Stream {
    this.#only('sse');
    const listeners = new Map<string, (event: MessageEvent) => void>();
    const stream: Stream = {
      onerror: null,
      close: () => close(),
      addEventListener: (type, listener) => listeners.set(type, listener),
    };
    const said = (data: string, type: string) => listeners.get(type)?.({ data } as MessageEvent);
    const close = this.#connect(new URL(address), said, () => stream.onerror?.call(stream as EventSource, {} as Event));
    return stream;
  }

  async fetch(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address);
    if (url.pathname.endsWith('/live')) return this.#poll(url, init.signal);
    return this.#plan.bare && !url.searchParams.has('min') ? this.#greeted(url) : this.#snapshot(url, init);
  }

  stall(): void {
    this.stalled = true;
    for (const transport of this.#open) transport.stall();
  }

  resume(): void {
    this.stalled = false;
    for (const transport of this.#open) transport.resume();
  }

  #only(kind: ReaderPlan['kind']): void {
    if (this.#plan.kind !== kind) throw new Error(`this network lets no ${kind} through`);
  }

  #connect(url: URL, said: (data: string, type: string) => void, closed: () => void): () => void {
    const node = this.#sources.node();
    const watch = this.#watch(node, url.searchParams.get('since'));
    const transport = openTransport(this.#plan.kind, `${node}${url.pathname}${url.search}`, {
      text: (text, asked) => watch.text(text, asked),
      message: (message) => {
        if (watch.closed) return;
        watch.message(message);
        if (message.type === 'goaway') this.goaways++;
        said(JSON.stringify(this.#hastened(message)), message.type);
      },
      polled: () => {},
      closed: () => {
        this.#open.delete(transport);
        if (watch.closed) return;
        watch.closed = true;
        this.drops++;
        closed();
      },
    });
    this.#open.add(transport);
    if (this.stalled) transport.stall();
    return () => {
      watch.closed = true;
      transport.close();
    };
  }

  #hastened(message: Message): Message {
    if (message.type === 'goaway') return { ...message, afterMs: message.afterMs * HASTE };
    return message.type === 'hello' ? { ...message, heartbeatMs: message.heartbeatMs * PATIENCE } : message;
  }

  async #poll(url: URL, signal: AbortSignal | null | undefined): Promise<Response> {
    this.#only('poll');
    const { searchParams: query } = url;
    const first = query.get('wait') === '0';
    if (first) {
      const node = this.#sources.node();
      this.#polling = { node, watch: this.#watch(node, query.get('since')) };
    }
    const { node, watch } = this.#polling ?? noPoll();
    query.set('wait', `${Number(query.get('wait')) / HASTE}`);
    signal?.addEventListener('abort', () => {
      watch.closed = true;
    });
    try {
      const asked = performance.now();
      const response = await fetch(`${node}${url.pathname}${url.search}`, { signal: signal ?? null });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status}`);
      const { position, messages } = JSON.parse(text) as Polled;
      if (watch.closed) return new Response(text);
      watch.text(text, asked);
      for (const message of messages) watch.message(message);
      watch.polled(position);
      return new Response(text);
    } catch (error) {
      if (!watch.closed) this.drops++;
      watch.closed = true;
      throw error;
    }
  }

  async #snapshot(url: URL, init: RequestInit): Promise<Response> {
    const base = this.#sources.snapshots();
    const asked = performance.now();
    const response = await fetch(`${base}${url.pathname}${url.search}`, init);
    const text = await response.text();
    // A cache is no node, and may be behind.
    if (this.#plan.staleMs === undefined)
      for (const broken of this.#verdict.bans.broken(base, text, asked))
        this.#verdict.violated(`${this.#name} got ${broken} in a snapshot of ${base}`);
    return new Response(text, response);
  }

  /** The snapshot that a client without one is given with `hello`. */
  #greeted(url: URL): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const query = new URLSearchParams(url.searchParams);
    query.delete('limit');
    const live = new URL(`${url.pathname.replace('snapshot', 'live')}?${query}`, url);
    const close = this.#connect(
      live,
      (data) => {
        const message = JSON.parse(data) as Message;
        if (message.type !== 'hello' || !message.snapshot) return;
        close();
        resolve(Response.json(message.snapshot));
      },
      () => reject(new Error('closed')),
    );
    return promise;
  }

  #watch(node: string, since: string | null): Watch {
    const watch = new Watch(this.#verdict, this.#name, this.#plan, node, since ?? undefined);
    this.watches.push(watch);
    return watch;
  }
}

function noPoll(): never {
  throw new Error('the first poll of a link waits for nothing');
}
