import type { Request, Response } from 'express';
import type { Clock, Stop } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { type Actor, may } from '../roles.ts';
import { type Credential, credentialOf } from './caller.ts';
import { refuseOtherOrigin } from './origin.ts';
import type { Route } from './route.ts';
import { detachSession } from './session-cookie.ts';

/** So that what was ended elsewhere, on whatever node, is shut within a second. */
const LOOK_MS = 250;

/** The stream of the desk: for whoever may read it, as long as they may. */
export function deskLiveRoutes({ settings, deskStreams }: Parts): Route[] {
  return [{ method: 'get', path: '/v1/desk/live', permission: 'read', surface: false, handle: live }];

  function live(request: Request, response: Response): void {
    const credential = credentialOf(response);
    if (credential.session) refuseOtherOrigin(settings, request);
    // A page that is left open is no sign that somebody is there.
    detachSession(request);
    response.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    if (request.method === 'HEAD') response.end();
    else deskStreams.open(credential, response);
  }
}

/** The open streams of one session or key. */
interface Desk {
  look: Credential['look'];
  streams: Set<Response>;
}

/** All open streams of the desk on this node. One wheel looks whether each may still be, one beats for all. */
export class DeskStreams {
  readonly #desks = new Map<string, Desk>();
  readonly #heartbeatMs: number;
  readonly #stops: Stop[];
  #looking = false;

  constructor(clock: Clock, heartbeatMs: number) {
    this.#heartbeatMs = heartbeatMs;
    this.#stops = [
      clock.every(LOOK_MS, () => void this.#look()),
      clock.every(heartbeatMs, () => this.#beat(new Date(clock.now()).toISOString())),
    ];
  }

  open({ id, look }: Pick<Credential, 'id' | 'look'>, response: Response): void {
    // Who went while the store was asked would never be heard of again.
    if (response.destroyed) return;
    const { streams } = this.#desks.getOrInsertComputed(id, () => ({ look, streams: new Set() }));
    streams.add(response);
    response.on('close', () => {
      streams.delete(response);
      if (streams.size === 0) this.#desks.delete(id);
    });
    send(response, 'hello', { heartbeatMs: this.#heartbeatMs });
  }

  /** Ends all streams; whoever listens comes back to another node. */
  close(): void {
    for (const stop of this.#stops) stop();
    for (const { streams } of this.#desks.values()) for (const response of streams) response.end();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await Promise.all([...this.#desks.values()].map((desk) => this.#lookAt(desk))).finally(() => {
      this.#looking = false;
    });
  }

  async #lookAt({ look, streams }: Desk): Promise<void> {
    const actor = await look().catch((): 'unknown' => 'unknown');
    // While the store does not answer nobody knows; nothing can be read meanwhile that would be sent.
    if (actor === 'unknown' || mayStay(actor)) return;
    for (const response of streams) {
      send(response, 'signed-out', {});
      response.end();
    }
  }

  #beat(at: string): void {
    for (const { streams } of this.#desks.values())
      for (const response of streams) {
        if (response.writableNeedDrain) response.destroy();
        else send(response, 'beat', { at });
      }
  }
}

function mayStay(actor: Actor | undefined): boolean {
  return actor !== undefined && may(actor, 'read');
}

/** One event, as the streams of readers have it. */
function send(response: Response, type: string, data: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}
