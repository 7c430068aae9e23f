import { setTimeout as wait } from 'node:timers/promises';
import { type Connection, connect } from '../../client/widget/connection.ts';
import { BROWSER } from '../../client/widget/world.ts';
import { parsePosition } from '../../shared/position.ts';
import { listed } from '../../shared/rows.ts';
import { LightSocket } from './web-socket.ts';

/** So many begin at once. */
const AT_ONCE = 25;
/** Stands for whatever is before the nodes and sends each connection to one of them. */
const FRONT = 'http://front';

/** A reader has got through to a node, by whatever way. */
interface Move {
  reader: number;
  at: number;
  node: string;
}

/** Many real clients in this process, each keeping its rows by its own connection, which nodes come and go under. */
export class Herd {
  readonly #node: () => string;
  readonly #readers: { connection: Connection; seq: number }[] = [];
  readonly moves: Move[] = [];
  /** Handshakes answered with 503. */
  refused = 0;
  /** Entries that a reader's rows went past without having had them. */
  lost = 0;
  /** Times that a reader's rows went back, or were loaded anew. */
  back = 0;

  /** @param node where the next connection goes */
  constructor(node: () => string) {
    this.#node = node;
  }

  /** Lets so many more come, no faster than `perSecond`, and waits until they all are live. */
  async grow(count: number, perSecond: number): Promise<void> {
    for (const goal = this.#readers.length + count; this.#readers.length < goal; ) {
      const pause = wait((AT_ONCE * 1_000) / perSecond);
      for (let at = 0; at < AT_ONCE && this.#readers.length < goal; at++) this.#add();
      while (this.live < this.#readers.length) await wait(5);
      await pause;
    }
  }

  get live(): number {
    return this.#readers.filter(({ connection }) => connection.state === 'live').length;
  }

  /** The number in the log that the slowest of them has reached. */
  get slowest(): number {
    return this.#readers.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY);
  }

  /** The rows that they show, in JSON. */
  get shown(): string[] {
    return this.#readers.map(({ connection: { rows } }) => JSON.stringify(rows && listed(rows)));
  }

  stop(): void {
    for (const { connection } of this.#readers) connection.stop();
  }

  #add(): void {
    const world = this.#world(this.#readers.length);
    const reader = { connection: connect(SOURCE, () => this.#moved(reader), world), seq: 0 };
    this.#readers.push(reader);
  }

  /** Each headline is an item of its own, so that rows which miss none move by one number at a time. */
  #moved(reader: { connection: Connection; seq: number }): void {
    const seq = parsePosition(reader.connection.rows?.position ?? '')?.seq ?? 0;
    if (reader.seq > 0 && seq > reader.seq + 1) this.lost += seq - reader.seq - 1;
    if (seq < reader.seq) this.back++;
    reader.seq = seq;
  }

  #world(reader: number): typeof BROWSER {
    const through = (node: string) => this.moves.push({ reader, at: performance.now(), node });
    return {
      ...BROWSER,
      fetch: async (url, init) => {
        const node = this.#node();
        const response = await fetch(url.replace(FRONT, node), init);
        // Whose WebSocket was refused polls for a while. The first answer of a poll shows that it is let in.
        if (response.ok && url.includes('/live?') && url.endsWith('&wait=0')) through(node);
        return response;
      },
      open: (url) => {
        const node = this.#node();
        return new LightSocket(url.replace(FRONT.replace('http', 'ws'), node), (status) => {
          if (status === 101) through(node);
          if (status === 503) this.refused++;
        });
      },
    };
  }
}

const SOURCE = { src: FRONT, edition: 'en', tag: undefined, section: undefined };
