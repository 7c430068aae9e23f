import * as z from 'zod';
import { valid } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { fromOf } from './caller.ts';
import { homeOf } from './home.ts';
import { jsonOf } from './json.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

const Look = z.strictObject({ token: z.unknown() });

/** What a one-time link leads to. Its token comes in the body, so that it stands in no log of addresses. */
export function joiningRoutes({ settings, links, joining, sessionCookie, ssoCookie }: Parts): Route[] {
  const permission = 'guest';
  return [
    posted({ path: '/v1/links/look', permission }, (request) => links.look(valid(Look, jsonOf(request)).token)),
    posted({ path: '/v1/links/passkey/options', permission }, (request) =>
      joining.passkeyOptions(jsonOf(request), homeOf(settings, request)),
    ),
    posted({ path: '/v1/links/password/options', permission }, (request) => joining.passwordOptions(jsonOf(request))),
    posted({ path: '/v1/links/accept', permission }, async (request) => {
      const signedIn = await joining.accept(jsonOf(request), fromOf(request));
      await sessionCookie.begin(request, signedIn);
      return { name: signedIn.name };
    }),
    posted({ path: '/v1/links/sso', permission }, async (request, response) => {
      const { ceremony, location } = await joining.beginSso(jsonOf(request), homeOf(settings, request));
      ssoCookie.keep(request, response, ceremony);
      return { location };
    }),
  ];
}
