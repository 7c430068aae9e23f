import type { Request, Response } from 'express';
import type { Caller, Done } from '../newsroom.ts';
import type { Parts } from '../parts.ts';
import type { Permission } from '../roles.ts';
import { callerOf } from './caller.ts';
import { jsonOf } from './json.ts';
import type { Route } from './route.ts';

/** The answer waits no longer for this node to follow: the commit itself is done. */
const FOLLOW_MS = 1_000;

type Command = (caller: Caller, id: string, body: unknown) => Promise<Done>;

/** What the newsroom's own people and programs may do. */
export function newsroomRoutes({ newsroom, followed, clock }: Parts): Route[] {
  return [
    { method: 'post', path: '/v1/items', permission: 'publish', surface: false, handle: publish },
    onItem('amend', 'amend', (...args) => newsroom.amend(...args)),
    onItem('hold', 'hold', (...args) => newsroom.hold(...args)),
    onItem('release', 'release', (...args) => newsroom.release(...args)),
    onItem('kill', 'kill', (...args) => newsroom.kill(...args)),
    onItem('pin', 'pin', (...args) => newsroom.pin(...args)),
    onItem('unpin', 'pin', (...args) => newsroom.unpin(...args)),
  ];

  async function publish(request: Request, response: Response): Promise<void> {
    await answer(response.status(201), await newsroom.publish(callerOf(request, response), jsonOf(request)));
  }

  function onItem(word: string, permission: Permission, command: Command): Route {
    return { method: 'post', path: `/v1/items/:id/${word}`, permission, surface: false, handle };

    async function handle(request: Request, response: Response): Promise<void> {
      await answer(response, await command(callerOf(request, response), String(request.params.id), jsonOf(request)));
    }
  }

  /** Whoever asks this node after the answer sees what was done: above all, no text that was killed or held. */
  async function answer(response: Response, { replayed, ...done }: Done): Promise<void> {
    const { follow } = followed.get((done.item ?? done.tombstone)?.edition ?? '') ?? {};
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const stop = clock.after(FOLLOW_MS, resolve);
    await Promise.race([follow?.refresh(), late]).finally(stop);
    if (replayed) response.set('Idempotency-Replayed', 'true');
    response.json(done);
  }
}
