import { callbackify } from 'node:util';
import type { Request, Response } from 'express';
import session, { type SessionData } from 'express-session';
import type { Settings } from '../config.ts';
import type { SignedIn } from '../desk/account.ts';
import { staffRef } from '../desk/acts.ts';
import type { Caller } from '../newsroom.ts';
import { type Session as HeldSession, LONGEST_SESSION_MS, type Sessions } from '../sessions.ts';
import { agentOf, fromOf } from './caller.ts';
import { COOKIE, cookieName, isHttps } from './cookie.ts';
import type { Middleware } from './route.ts';

declare module 'express-session' {
  interface SessionData {
    held: HeldSession;
  }
}

/** The session of a browser: a signed cookie that holds its token, sent to the newsroom's side only. */
export class SessionCookie {
  readonly #sessions: Sessions;
  readonly #name: string;
  /** Tokens that answers on their way will hand out. */
  readonly #issued = new WeakMap<Request, string>();
  /** Finds the session that the request came with. */
  readonly read: Middleware[];

  constructor(settings: Settings, sessions: Sessions, secret: string) {
    this.#sessions = sessions;
    this.#name = cookieName(settings, 'motograph');
    const cookie = { ...COOKIE, maxAge: LONGEST_SESSION_MS, secure: isHttps(settings) || ('auto' as const) };
    const middleware = session({
      name: this.#name,
      secret,
      cookie,
      store: new Store(sessions, { ...cookie, originalMaxAge: LONGEST_SESSION_MS }),
      genid: (request) => this.#issued.get(request) ?? '',
      resave: false,
      saveUninitialized: false,
    });
    this.read = [...(isHttps(settings) ? [asOverHttps] : []), middleware];
  }

  /** For somebody who has just proven who they are. A session of somebody else that was in this browser ends. */
  async begin(request: Request, { staff, generation, provenAt }: SignedIn): Promise<void> {
    const { held } = request.session;
    const same = held?.staff === staff && held.generation === generation;
    if (held && !same) await this.#sessions.end([held], ownerOf(held, request), 'signed-out');
    const renewed = held && same ? await this.#sessions.renew(held, provenAt) : undefined;
    const proven = { staff, generation, provenAt, from: fromOf(request), agent: agentOf(request) };
    this.#issued.set(request, renewed ?? (await this.#sessions.begin(proven)));
    request.sessionStore.generate(request);
  }

  async end(request: Request, response: Response): Promise<void> {
    const { held } = request.session;
    if (held) await this.#sessions.end([held], ownerOf(held, request), 'signed-out');
    detachSession(request);
    response.clearCookie(this.#name, { ...COOKIE, secure: request.secure });
  }
}

function ownerOf({ staff }: HeldSession, request: Request): Caller {
  return { actor: { id: staffRef(staff), grants: [] }, from: fromOf(request) };
}

/** Leaves a request without a session, so that nothing is kept of it when the answer ends. */
export function detachSession(request: Request): void {
  Reflect.deleteProperty(request, 'session');
}

/** What PUBLIC_URL says counts, also where the last hop to us is plain. */
const asOverHttps: Middleware = (request, _response, next) => {
  Object.defineProperty(request, 'secure', { value: true });
  next();
};

/** What express-session may do with sessions. It writes none: whatever a request still had must not bring one back. */
class Store extends session.Store {
  readonly #sessions: Sessions;
  readonly #cookie: SessionData['cookie'];

  constructor(sessions: Sessions, cookie: SessionData['cookie']) {
    super();
    this.#sessions = sessions;
    this.#cookie = cookie;
  }

  get(token: string, callback: (error: unknown, data?: SessionData | null) => void): void {
    const find = async () => {
      const held = await this.#sessions.find(token);
      return held ? { held, cookie: { ...this.#cookie } } : null;
    };
    callbackify(find)(callback);
  }

  /** That it cannot be kept just now harms nobody: a kill must go on in a full store. */
  override touch(_token: string, { held }: SessionData, callback: () => void = () => {}): void {
    this.#sessions.seen(held).then(callback, callback);
  }

  set(_token: string, _data: SessionData, callback: () => void = () => {}): void {
    callback();
  }

  destroy(_token: string, callback: () => void = () => {}): void {
    callback();
  }
}
