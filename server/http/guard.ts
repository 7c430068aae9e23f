import type { NextFunction, Request, Response } from 'express';
import { Problem } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { may, type Permission, roleFor } from '../roles.ts';
import type { Session } from '../sessions.ts';
import { type Credential, foundCredential } from './caller.ts';
import { newsroomSide } from './headers.ts';
import { readJson } from './json.ts';
import { demandOwnOrigin } from './origin.ts';
import type { Middleware, Route } from './route.ts';

type Doors = Pick<Parts, 'settings' | 'keys' | 'staff' | 'sessions' | 'sessionCookie'>;

/** What a request goes through before a route of the newsroom's side. Who may not ask is sent away before the body is read. */
export function guard(doors: Doors, { permission, fresh, page }: Route): Middleware[] {
  const { settings, keys, staff, sessions, sessionCookie } = doors;
  const session = sessionCookie.read.map(unlessKey);
  return [
    newsroomSide,
    ...session,
    identify,
    ...(page && permission !== 'guest' ? [leadToSignIn] : []),
    check,
    readJson,
  ];

  /** A key says all by itself: the cookie that came with it is not even read, and no page of others can send one. */
  function unlessKey(middleware: Middleware): Middleware {
    return (request, response, next) => (keyOf(request) === undefined ? middleware(request, response, next) : next());
  }

  async function identify(request: Request, response: Response, next: NextFunction): Promise<void> {
    const key = keyOf(request);
    response.locals.credential = await (key === undefined ? bySession(request.session.held) : byKey(key));
    next();
  }

  async function byKey(key: string): Promise<Credential | undefined> {
    const look = () => keys.actor(key);
    const actor = await look();
    return actor && { id: actor.id, actor, look };
  }

  async function bySession(session: Session | undefined): Promise<Credential | undefined> {
    if (!session) return undefined;
    const actor = await staff.actor(session.staff, session.generation);
    const look = async () => {
      const held = await sessions.get(session.id);
      return held && staff.actor(held.staff, held.generation);
    };
    return actor && { id: `session:${session.id}`, actor, session, look };
  }

  function leadToSignIn(request: Request, response: Response, next: NextFunction): void {
    if (foundCredential(response) || keyOf(request) !== undefined) next();
    else response.redirect(302, `/desk/sign-in?next=${encodeURIComponent(request.originalUrl)}`);
  }

  function check(request: Request, response: Response, next: NextFunction): void {
    const credential = foundCredential(response);
    if (permission !== 'guest' && !credential)
      throw new Problem(
        'no-credentials',
        'Sign in, or send a valid API key: "Authorization: Bearer mg_…" (motograph key add makes one).',
      );
    if (request.method === 'POST' && keyOf(request) === undefined) demandOwnOrigin(settings, request);
    if (permission !== 'guest' && credential) demand(credential);
    next();
  }

  function demand({ actor, session }: Credential): void {
    if ((permission === 'self' || fresh || page) && !session)
      throw new Problem('forbidden', 'This is for people who have signed in; a key may not do it.');
    if (isRight(permission) && !may(actor, permission))
      throw new Problem(
        'forbidden',
        `This (${permission}) needs the role ${roleFor(permission)}, which you have nowhere.`,
      );
    if (fresh && session && !sessions.isFresh(session))
      throw new Problem(
        'prove-again',
        'You signed in more than ten minutes ago. Do it again; then send this once more.',
      );
  }

  function keyOf(request: Request): string | undefined {
    if (permission === 'guest') return undefined;
    return /^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '')?.[1];
  }
}

function isRight(permission: Route['permission']): permission is Permission {
  return permission !== 'public' && permission !== 'guest' && permission !== 'self';
}
