import type { Request, Response } from 'express';
import { Problem } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { SsoProof } from '../sign-in/sso.ts';
import { callerOf, foundCredential, fromOf } from './caller.ts';
import { homeOf } from './home.ts';
import { demandNoFields } from './json.ts';
import { nextOf } from './next.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

/** Single sign-on: to the provider, and back from there. */
export function ssoRoutes(parts: Parts): Route[] {
  const { settings, sso, signIn, joining, methods, sessionCookie, ssoCookie } = parts;
  return [
    { method: 'get', path: '/v1/sign-in/sso', permission: 'guest', surface: false, handle: begin },
    { method: 'get', path: '/v1/sign-in/sso/done', permission: 'guest', surface: false, handle: done },
    posted({ path: '/v1/me/sso', permission: 'self', fresh: true }, async (request, response) => {
      demandNoFields(request);
      const { ceremony, location } = await methods.beginSso(callerOf(request, response), homeOf(settings, request));
      ssoCookie.keep(request, response, ceremony);
      return { location };
    }),
    posted({ path: '/v1/me/sso/remove', permission: 'self', fresh: true }, async (request, response) => {
      demandNoFields(request);
      return methods.removeSso(callerOf(request, response));
    }),
  ];

  async function begin(request: Request, response: Response): Promise<void> {
    const next = nextOf(request.query.next);
    // Who is signed in already is here to prove it anew.
    const again = foundCredential(response) !== undefined;
    const begun = await signIn.beginSso(homeOf(settings, request), fromOf(request), { next, again });
    ssoCookie.keep(request, response, begun.ceremony);
    response.redirect(302, begun.location);
  }

  async function done(request: Request, response: Response): Promise<void> {
    const ceremony = ssoCookie.take(request, response);
    try {
      if (!sso) throw new Problem('not-found', 'There is no single sign-on here.');
      const { search } = new URL(request.originalUrl, 'http://desk.invalid');
      response.redirect(302, await arrive(request, response, await sso.finish(ceremony, search)));
    } catch (error) {
      // A person looks at the answer, so it is a page that says why.
      if (!(error instanceof Problem)) throw error;
      const cancelled = request.query.error === 'access_denied';
      const why = cancelled ? 'cancelled' : error.kind === 'forbidden' ? 'uninvited' : 'failed';
      response.redirect(302, `${foundCredential(response) ? '/desk/account' : '/desk/sign-in'}?sso=${why}`);
    }
  }

  /** Where to go on. */
  async function arrive(request: Request, response: Response, proof: SsoProof): Promise<string> {
    const { purpose } = proof;
    if (purpose.for === 'staff') {
      if (!foundCredential(response))
        throw new Problem('no-credentials', 'You were signed out meanwhile. Sign in again.');
      await methods.bindSso(callerOf(request, response), proof);
      return '/desk/account';
    }
    const way = purpose.for === 'sign-in' ? signIn : joining;
    await sessionCookie.begin(request, await way.bySso(proof, fromOf(request)));
    return nextOf(purpose.for === 'sign-in' ? purpose.next : undefined);
  }
}
