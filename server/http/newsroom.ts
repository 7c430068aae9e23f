import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import { Problem } from '../errors.ts';
import type { Keys } from '../keys.ts';
import type { Caller, Done } from '../newsroom.ts';
import type { Parts } from '../parts.ts';
import { may, type Permission, roleFor } from '../roles.ts';
import type { Middleware, Route } from './route.ts';

const LARGEST_BODY = 64 * 1024;
/** The answer waits no longer for this node to follow: the commit itself is done. */
const FOLLOW_MS = 1_000;
const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

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
    await answer(response.status(201), await newsroom.publish(callerOf(request, response), bodyOf(request)));
  }

  function onItem(word: string, permission: Permission, command: Command): Route {
    return { method: 'post', path: `/v1/items/:id/${word}`, permission, surface: false, handle };

    async function handle(request: Request, response: Response): Promise<void> {
      await answer(response, await command(callerOf(request, response), String(request.params.id), bodyOf(request)));
    }
  }

  /** Whoever asks this node after the answer sees what was done: above all, no text that was killed or held. */
  async function answer(response: Response, { replayed, ...done }: Done): Promise<void> {
    const { follow } = followed.get((done.item ?? done.tombstone)?.edition ?? '') ?? {};
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const stop = clock.after(FOLLOW_MS, resolve);
    await Promise.race([follow?.refresh(), late]).finally(stop);
    if (replayed) response.set('Idempotency-Replayed', 'true');
    response.set('Cache-Control', 'no-store').json(done);
  }
}

/** Who may not ask at all is sent away before the body is read. */
export function guard(keys: Keys, permission: Permission): Middleware[] {
  const authenticate: Middleware = async (request, response, next) => {
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '') ?? [];
    const actor = await keys.actor(key);
    if (!actor)
      throw new Problem(
        'no-credentials',
        'Send a valid API key: "Authorization: Bearer mg_…" (motograph key add makes one).',
      );
    if (!may(actor, permission))
      throw new Problem(
        'forbidden',
        `This (${permission}) needs the role ${roleFor(permission)}, which this key has nowhere.`,
      );
    response.locals.actor = actor;
    next();
  };
  // Not strict: what is JSON but no object would be told to be no JSON.
  const json = express.json({ limit: LARGEST_BODY, type: 'application/json', inflate: false, strict: false, verify });
  return [authenticate, json];
}

/** A byte that is no UTF-8 would be published as a question mark in a box. */
function verify(_request: unknown, _response: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8' || !isUtf8(body)) throw new Error('not UTF-8');
}

function callerOf(request: Request, response: Response): Caller {
  const key = request.get('Idempotency-Key');
  if (key !== undefined && !KEY_FORM.test(key))
    throw new Problem('invalid', 'Idempotency-Key is not 1 to 200 visible ASCII characters.', {
      errors: [{ field: 'Idempotency-Key', message: 'is not 1 to 200 visible ASCII characters' }],
    });
  return { actor: response.locals.actor, from: request.ip ?? '', key };
}

/** No body at all is an empty one, so that a hold is one short request. */
function bodyOf(request: Request): unknown {
  if (request.body !== undefined) return request.body;
  const empty = (request.get('Content-Length') ?? '0') === '0' && request.get('Transfer-Encoding') === undefined;
  if (empty) return {};
  throw new Problem('not-json', 'Send the body with "Content-Type: application/json".');
}
