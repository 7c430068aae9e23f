import type { Request } from 'express';
import type { SignedIn } from '../desk/account.ts';
import type { Parts } from '../parts.ts';
import { fromOf } from './caller.ts';
import { homeOf } from './home.ts';
import { demandNoFields, jsonOf } from './json.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

/** How people come in, and go. */
export function signInRoutes({ settings, signIn, sessionCookie }: Parts): Route[] {
  const permission = 'guest';
  return [
    posted({ path: '/v1/sign-in/passkey/options', permission }, async (request) => {
      demandNoFields(request);
      return signIn.passkeyOptions(homeOf(settings, request), fromOf(request));
    }),
    posted({ path: '/v1/sign-in/passkey', permission }, async (request) =>
      enter(request, await signIn.byPasskey(jsonOf(request), fromOf(request))),
    ),
    posted({ path: '/v1/sign-in/password', permission }, async (request) =>
      enter(request, await signIn.byPassword(jsonOf(request), fromOf(request))),
    ),
    posted({ path: '/v1/sign-out', permission }, async (request, response) => {
      demandNoFields(request);
      await sessionCookie.end(request, response);
      return {};
    }),
  ];

  async function enter(request: Request, signedIn: SignedIn): Promise<{ name: string }> {
    await sessionCookie.begin(request, signedIn);
    return { name: signedIn.name };
  }
}
