import type { Request, Response } from 'express';
import { Problem } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import type { Actor } from '../roles.ts';
import type { Session } from '../sessions.ts';

/** By what somebody may come in: a key or a session. */
export interface Credential {
  /** The same with every request of one key or one session. */
  id: string;
  actor: Actor;
  session?: Session | undefined;
  /** Whom it stands for by now: nobody once it is over. */
  look: () => Promise<Actor | undefined>;
}

/** As the guard found it. Where guests may come, there may be none. */
export function foundCredential(response: Response): Credential | undefined {
  return response.locals.credential;
}

/** Of a route that guests may not ask for. */
export function credentialOf(response: Response): Credential {
  return response.locals.credential;
}

/** The session of a route for people (`self`), which the guard lets nobody else to. */
export function sessionOf(response: Response): Session {
  const { session } = credentialOf(response);
  if (!session) throw new Error('a route for people was asked without a session');
  return session;
}

export function callerOf(request: Request, response: Response): Caller {
  return { actor: credentialOf(response).actor, from: fromOf(request), key: idempotencyKeyOf(request) };
}

/** The address that a request comes from, past the proxies that are ours. */
export function fromOf(request: Request): string {
  return request.ip ?? '';
}

/** What a browser calls itself, as far as anybody wants to read it. */
export function agentOf(request: Request): string {
  return (request.get('User-Agent') ?? '').replace(/\p{Cc}/gu, ' ').slice(0, LONGEST_AGENT);
}

const LONGEST_AGENT = 200;
const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key !== undefined && !KEY_FORM.test(key))
    throw new Problem('invalid', 'Idempotency-Key is not 1 to 200 visible ASCII characters.', {
      errors: [{ field: 'Idempotency-Key', message: 'is not 1 to 200 visible ASCII characters' }],
    });
  return key;
}
