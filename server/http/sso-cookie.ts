import type { Request, Response } from 'express';
import type { Settings } from '../config.ts';
import { COOKIE, cookieName, readCookie } from './cookie.ts';

const LIFE_MS = 5 * 60_000;

/**
 * Binds a single sign-on to the browser that began it. Else somebody could begin one, and have another person's browser
 * finish it: who would then be signed in as somebody else, or have somebody else's account bound to their own.
 */
export class SsoCookie {
  readonly #name: string;

  constructor(settings: Settings) {
    this.#name = cookieName(settings, 'motograph-sso');
  }

  keep(request: Request, response: Response, ceremony: string): void {
    response.cookie(this.#name, ceremony, { ...COOKIE, secure: request.secure, maxAge: LIFE_MS });
  }

  /** For one use. */
  take(request: Request, response: Response): string | undefined {
    response.clearCookie(this.#name, { ...COOKIE, secure: request.secure });
    return readCookie(request, this.#name);
  }
}
