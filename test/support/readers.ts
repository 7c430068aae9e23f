import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';
import type { Message, Polled } from '../../shared/wire.ts';

export const MESSAGE_TYPES = ['hello', 'item', 'kill', 'hold', 'beat', 'reset', 'goaway'] satisfies Message['type'][];

/** A real reader: everything it was sent, in order. */
export interface TestReader {
  messages: Message[];
  /** Resolves with the first message that fits, come or to come; rejects when none came within `ms`. */
  until: (fits: (message: Message) => boolean, ms?: number) => Promise<Message>;
  close: () => void;
}

interface Asking {
  since?: string;
  tag?: string;
  section?: string;
  site?: string;
  wait?: string;
}

export type Connect = (url: string, edition: string, asking?: Asking) => TestReader;

/** The three ways of reading live, over real sockets. */
export const READERS: Record<'WebSocket' | 'SSE' | 'long poll', Connect> = {
  WebSocket(url, edition, asking) {
    const inbox = new Inbox();
    const ws = new WebSocket(liveUrl(url, edition, asking).replace('http', 'ws'));
    ws.on('message', (data) => inbox.add(JSON.parse(String(data))));
    ws.on('error', () => {});
    return inbox.reader(() => ws.terminate());
  },

  SSE(url, edition, asking) {
    const inbox = new Inbox();
    const source = new EventSource(liveUrl(url, edition, asking));
    for (const type of MESSAGE_TYPES)
      source.addEventListener(type, (event) => {
        const message = JSON.parse(event.data);
        if (message.position !== undefined && event.lastEventId !== message.position)
          throw new Error(`the id ${event.lastEventId} is not the position ${message.position}`);
        inbox.add(message);
      });
    return inbox.reader(() => source.close());
  },

  'long poll'(url, edition, asking) {
    const inbox = new Inbox();
    const end = new AbortController();
    void poll(asking?.since).catch(() => {});
    return inbox.reader(() => end.abort());

    async function poll(since: string | undefined): Promise<void> {
      const address = liveUrl(url, edition, { wait: '10', ...asking, ...(since !== undefined && { since }) });
      const response = await fetch(address, { signal: end.signal });
      const { position, messages } = (await response.json()) as Polled;
      for (const message of messages) inbox.add(message);
      if (!end.signal.aborted) await poll(position);
    }
  },
};

function liveUrl(url: string, edition: string, asking: Asking = {}): string {
  return `${url}/v1/editions/${edition}/live?${new URLSearchParams({ ...asking })}`;
}

class Inbox {
  readonly messages: Message[] = [];
  readonly #waiting = new Set<() => void>();

  add(message: Message): void {
    this.messages.push(message);
    for (const look of [...this.#waiting]) look();
  }

  reader(close: () => void): TestReader {
    return { messages: this.messages, until: (fits, ms = 5_000) => this.#until(fits, ms), close };
  }

  #until(fits: (message: Message) => boolean, ms: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.messages.find(fits);
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`nothing fitting within ${ms} ms; came: ${JSON.stringify(this.messages).slice(0, 2000)}`));
      }, ms);
      this.#waiting.add(look);
      look();
    });
  }
}
