import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Message, Polled } from '../../shared/wire.ts';
import { arrive, type Live } from '../arrival.ts';
import type { Clock } from '../clock.ts';
import { valid } from '../errors.ts';
import type { Outlet, Reader } from '../reader.ts';
import type { Dialect } from '../tape.ts';

const LONGEST_WAIT_S = 60;
const PollQuery = z.object({ wait: z.coerce.number().pipe(z.number().min(0).max(LONGEST_WAIT_S)).default(25) });

/** A message and a comma: pieces are joined by simply standing one after the other. */
const pollDialect: Dialect = {
  encode(message: Message): Buffer {
    return Buffer.from(`${JSON.stringify(message)},`);
  },
  quiet: true,
};

/** Answers with what there is after `since`, or as soon as there is something, or empty after `wait` seconds. */
export function pollGateway(live: Live, clock: Clock) {
  return async (response: ServerResponse, edition: string, query: unknown) => {
    const { wait } = valid(PollQuery, query);
    // The answer to a poll ends it: where headlines come often, those who poll would take all places of those who come.
    const { hello, ...joining } = await arrive(live, edition, query, { goesOn: wait > 0 });
    if (response.destroyed) return;
    const { position: start, snapshot } = hello.message;
    const outlet: PollOutlet = new PollOutlet(
      response,
      () => (reader && live.fanout.positionOf(edition, reader)) ?? start,
      clock,
    );
    let reader: Reader | undefined;
    const site = live.siteOf(response.req.headers, query);
    // Any word ends the answer, so a poll that goes on is not greeted.
    reader = live.fanout.join(edition, outlet, { ...joining, ...(snapshot && { hello }), site });
    const stop = clock.after(wait * 1000, () => outlet.end());
    response.on('close', () => {
      stop();
      if (reader) live.fanout.leave(edition, reader);
    });
  };
}

/** Takes one write, which ends the answer. */
class PollOutlet implements Outlet {
  readonly dialect = pollDialect;
  readonly #response: ServerResponse;
  readonly #position: () => string;
  readonly #clock: Clock;

  /** @param position where its reader stands, which in a quiet view is past entries that it was not sent */
  constructor(response: ServerResponse, position: () => string, clock: Clock) {
    this.#response = response;
    this.#position = position;
    this.#clock = clock;
  }

  write(bytes: Buffer): boolean {
    this.#answer(JSON.parse(`[${bytes.subarray(0, -1)}]`));
    return false;
  }

  end(): void {
    this.#answer([]);
  }

  cut(): void {
    this.#response.destroy();
  }

  #answer(messages: Message[]): void {
    if (this.#response.writableEnded) return;
    const last = messages.at(-1);
    const position = last && 'position' in last ? last.position : this.#position();
    const polled: Polled = { position, at: new Date(this.#clock.now()).toISOString(), messages };
    this.#response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    this.#response.end(JSON.stringify(polled));
  }
}
