import type { Socket, Stream, World } from '../../client/widget/world.ts';
import type { Dialect } from '../../server/tape.ts';
import { parsePosition } from '../../shared/position.ts';
import { HELD } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import { ManualClock } from '../support/clock.ts';
import type { Dice } from './dice.ts';
import { type RowsWorld, VIEWS } from './rows-world.ts';

const lines: Dialect = { encode: (message: Message) => Buffer.from(`${JSON.stringify(message)}\n`) };

/** A socket or an event stream, and where its other end stands. */
interface Line {
  readonly since: string;
  readonly hear: (message: Message) => void;
  readonly lose: () => void;
  greeted: boolean;
  closed: boolean;
  epoch: string;
  cursor: number;
}

interface Request {
  readonly isSnapshot: boolean;
  answer(response: Response): void;
  fail(): void;
}

/** The machine and the network of one reader: time passes and answers come as the dice say. */
export class RowsNetwork implements World {
  readonly #world: RowsWorld;
  readonly #view: number;
  readonly #dice: Dice;
  readonly #clock = new ManualClock();
  #requests: Request[] = [];
  #lines: Line[] = [];
  #calm = false;
  /** All items that it was ever given. */
  readonly given = new Set<string>();
  /** The latest life of the log that it was told of. */
  life = 0;

  constructor(world: RowsWorld, view: number, dice: Dice) {
    this.#world = world;
    this.#view = view;
    this.#dice = dice;
  }

  now(): number {
    return this.#clock.now();
  }

  random(): number {
    return this.#dice.roll();
  }

  after(ms: number, then: () => void): () => void {
    return this.#clock.after(ms, then);
  }

  hidden(): boolean {
    return false;
  }

  on(): () => void {
    return () => {};
  }

  fetch(address: string, { signal }: RequestInit): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const isSnapshot = new URL(address).pathname.endsWith('snapshot');
    this.#requests.push({ isSnapshot, answer: resolve, fail: () => reject(new TypeError('no network')) });
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
    return promise;
  }

  open(address: string): Socket {
    if (this.#blocks(0.1)) throw new Error('no WebSocket here');
    const socket: Socket = { onmessage: null, onclose: null, close: () => end() };
    const hear = (message: Message) =>
      socket.onmessage?.call(socket as WebSocket, { data: JSON.stringify(message) } as MessageEvent);
    const end = this.#line(address, hear, () => socket.onclose?.call(socket as WebSocket, {} as CloseEvent));
    return socket;
  }

  stream(address: string): Stream {
    if (this.#blocks(0.5)) throw new Error('no event stream here');
    const listeners = new Map<string, (event: MessageEvent) => void>();
    const stream: Stream = {
      onerror: null,
      close: () => end(),
      addEventListener: (type, listener) => listeners.set(type, listener),
    };
    const hear = (message: Message) =>
      listeners.get(message.type)?.({ data: JSON.stringify(message) } as MessageEvent<string>);
    const end = this.#line(address, hear, () => stream.onerror?.call(stream as EventSource, {} as Event));
    return stream;
  }

  /** Something comes, is lost, or takes its time. */
  live(): void {
    const dice = this.#dice;
    for (const request of this.#requests) if (dice.chance(0.4)) this.#answer(request);
    for (const line of this.#lines) {
      if (dice.chance(0.03)) this.#lose(line);
      else if (dice.chance(0.5)) this.#serve(line, dice.whole(1, 2_000));
      if (line.greeted && dice.chance(0.03)) this.#tell(line, { type: 'goaway', afterMs: dice.whole(0, 3_000) });
    }
    this.#clock.advance(dice.pick([0, 100, 1_000, 3_000]));
  }

  /** From now on everything is let through, and answered at once. */
  calm(): void {
    this.#calm = true;
    for (const request of this.#requests) this.#answer(request);
    for (const line of this.#lines) this.#serve(line, Number.POSITIVE_INFINITY);
    this.#clock.advance(500);
  }

  #blocks(chance: number): boolean {
    return !this.#calm && this.#dice.chance(chance);
  }

  #line(address: string, hear: Line['hear'], lose: Line['lose']): () => void {
    const since = new URL(address).searchParams.get('since') ?? '';
    const line: Line = { since, hear, lose, greeted: false, closed: false, epoch: '', cursor: 0 };
    this.#lines.push(line);
    return () => {
      line.closed = true;
      this.#lines = this.#lines.filter((each) => each !== line);
    };
  }

  #lose(line: Line): void {
    this.#lines = this.#lines.filter((each) => each !== line);
    line.lose();
  }

  #answer(request: Request): void {
    this.#requests = this.#requests.filter((each) => each !== request);
    const busy = this.#blocks(0.1);
    if (!request.isSnapshot || this.#blocks(0.1)) request.fail();
    else if (busy) request.answer(new Response('', { status: 503, headers: { 'Retry-After': '1' } }));
    else request.answer(Response.json(this.#snapshot()));
  }

  /** From the origin, or from a cache that cares for nothing. */
  #snapshot(): Snapshot {
    const stale = this.#blocks(0.5) ? this.#world.stale(this.#view) : undefined;
    const snapshot = stale ?? this.#world.snapshot(this.#view, HELD);
    for (const { id } of snapshot.items) this.given.add(id);
    return snapshot;
  }

  #serve(line: Line, limit: number): void {
    if (line.greeted) this.#read(line, limit);
    else this.#greet(line);
  }

  #greet(line: Line): void {
    const { tape } = this.#world;
    const at = tape.locate(parsePosition(line.since));
    line.greeted = true;
    line.epoch = tape.epoch;
    line.cursor = typeof at === 'number' ? at : tape.head.seq;
    const position = tape.positionAt(line.cursor) ?? tape.headPosition;
    this.#tell(line, { type: 'hello', edition: 'en', position, heartbeatMs: 3_600_000 });
    if (typeof at !== 'number') this.#tell(line, tape.resetMessage(at));
  }

  /** At most about `limit` bytes of what the tape has for it, as a connection that fills up. */
  #read(line: Line, limit: number): void {
    const { tape } = this.#world;
    if (line.epoch !== tape.epoch || !tape.holds(line.cursor)) {
      line.epoch = tape.epoch;
      line.cursor = tape.head.seq;
      this.#tell(line, tape.resetMessage('epoch'));
      return;
    }
    const { bytes, cursor } = tape.bytesAfter(line.cursor, VIEWS[this.#view], lines, limit);
    line.cursor = cursor;
    for (const text of String(bytes).split('\n')) if (text !== '') this.#tell(line, JSON.parse(text));
  }

  #tell(line: Line, message: Message): void {
    if (line.closed) return;
    if (message.type === 'item') this.given.add(message.item.id);
    if (message.type === 'reset') this.life = this.#world.epochs.indexOf(line.epoch);
    line.hear(message);
  }
}
