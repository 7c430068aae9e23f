import { get } from 'node:http';
import { WebSocket } from 'ws';
import type { Message, Polled } from '../../shared/wire.ts';
import type { ReaderPlan } from './plan.ts';

/** One connection to `live`, whatever its kind. */
export interface Transport {
  close(): void;
  /** Stops reading: what the server writes fills the buffers between. */
  stall(): void;
  resume(): void;
}

export interface Heard {
  /** Everything that came, as it came. `asked`: when the request for it began. */
  text(text: string, asked: number): void;
  message(message: Message): void;
  /** The answer to a long poll stands at this position. */
  polled(position: string): void;
  closed(): void;
}

/** @param address with all that is asked for: `since`, `tag`, `section` */
export function openTransport(kind: ReaderPlan['kind'], address: string, heard: Heard): Transport {
  return { ws, sse, poll }[kind](address, heard);
}

function ws(address: string, heard: Heard): Transport {
  const asked = performance.now();
  const socket = new WebSocket(address.replace('http', 'ws'));
  socket.on('message', (data) => {
    heard.text(String(data), asked);
    heard.message(JSON.parse(String(data)));
  });
  socket.on('error', () => {});
  socket.on('close', () => heard.closed());
  return {
    close: () => socket.terminate(),
    stall: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function sse(address: string, heard: Heard): Transport {
  const asked = performance.now();
  let stalled = false;
  let rest = '';
  const request = get(address, { agent: false, headers: { Accept: 'text/event-stream' } }, (response) => {
    if (response.statusCode !== 200) return void request.destroy();
    response.setEncoding('utf8');
    if (stalled) response.pause();
    response.on('data', (chunk: string) => {
      const events = (rest + chunk).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) take(event);
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  request.on('close', () => heard.closed());
  return {
    close: () => request.destroy(),
    stall() {
      stalled = true;
      request.socket?.pause();
    },
    resume() {
      stalled = false;
      request.socket?.resume();
    },
  };

  function take(event: string): void {
    heard.text(event, asked);
    const data = /^data: (.*)$/m.exec(event)?.[1] ?? '';
    const message = JSON.parse(data) as Message;
    const id = /^id: (.*)$/m.exec(event)?.[1];
    if ('position' in message && message.position !== id)
      throw new Error(`an event's id is not its position: ${event}`);
    heard.message(message);
  }
}

function poll(address: string, heard: Heard): Transport {
  const end = new AbortController();
  let stalled: { resume: () => void; over: Promise<void> } | undefined;
  ask(new URL(address)).catch(() => heard.closed());
  return {
    close: () => end.abort(),
    stall() {
      const { promise: over, resolve: resume } = Promise.withResolvers<void>();
      stalled = { resume, over };
    },
    resume: () => stalled?.resume(),
  };

  async function ask(url: URL): Promise<void> {
    url.searchParams.set('wait', '1');
    for (;;) {
      await stalled?.over;
      stalled = undefined;
      const asked = performance.now();
      const response = await fetch(url, { signal: end.signal });
      if (!response.ok) throw new Error(`${response.status}`);
      const text = await response.text();
      if (end.signal.aborted) throw new Error('closed');
      heard.text(text, asked);
      const { position, messages } = JSON.parse(text) as Polled;
      for (const message of messages) heard.message(message);
      heard.polled(position);
      url.searchParams.set('since', position);
    }
  }
}
