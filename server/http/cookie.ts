import type { CookieOptions, Request } from 'express';
import type { Settings } from '../config.ts';

/** Whether readers and staff come by https, whatever the last hop to us is. */
export function isHttps({ PUBLIC_URL }: Settings): boolean {
  return PUBLIC_URL?.startsWith('https:') ?? false;
}

/** On https a name that nothing else of the newsroom's domain can set a cookie of. */
export function cookieName(settings: Settings, name: string): string {
  return isHttps(settings) ? `__Host-${name}` : name;
}

/** Out of reach of scripts, and sent from other sites only where a person follows a link, as from a single sign-on. */
export const COOKIE = { httpOnly: true, sameSite: 'lax', path: '/' } as const satisfies CookieOptions;

export function readCookie(request: Request, name: string): string | undefined {
  const cookies = (request.get('Cookie') ?? '').split(/; */).map((pair) => pair.split('=', 2));
  return cookies.find(([key]) => key === name)?.[1];
}
