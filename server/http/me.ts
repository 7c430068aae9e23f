import type { Request, Response } from 'express';
import type { StaffInfo } from '../desk/account.ts';
import { staffOf } from '../desk/staff.ts';
import { Problem } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import type { Parts } from '../parts.ts';
import { callerOf, sessionOf } from './caller.ts';
import { homeOf } from './home.ts';
import { demandNoFields, jsonOf } from './json.ts';
import { openSessions, type ShownSession, shownSession } from './open-sessions.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

type Act = (caller: Caller, request: Request, response: Response) => Promise<object>;

/** What everybody may see and change of themselves. */
export function meRoutes(parts: Parts): Route[] {
  const { settings, staff, methods, sessions } = parts;
  return [
    { method: 'get', path: '/v1/me', permission: 'self', surface: false, handle: me },
    change('rename', (caller, request) => staff.rename(caller, jsonOf(request))),
    change('passkeys/options', (caller, request) => {
      demandNoFields(request);
      return methods.passkeyOptions(caller, homeOf(settings, request));
    }),
    change('passkeys', (caller, request) => methods.addPasskey(caller, jsonOf(request))),
    change('passkeys/:id/rename', (caller, request) =>
      methods.renamePasskey(caller, String(request.params.id), jsonOf(request)),
    ),
    change('passkeys/:id/remove', (caller, request) => {
      demandNoFields(request);
      return methods.removePasskey(caller, String(request.params.id));
    }),
    change('password/options', (caller, request) => {
      demandNoFields(request);
      return methods.passwordOptions(caller);
    }),
    change('password', (caller, request) => methods.setPassword(caller, jsonOf(request))),
    change('password/remove', (caller, request) => {
      demandNoFields(request);
      return methods.removePassword(caller);
    }),
    // Whoever fears for their session must not have to sign in first.
    posted({ path: '/v1/me/sessions/:id/end', permission: 'self' }, async (request, response) => {
      demandNoFields(request);
      const caller = callerOf(request, response);
      const session = await sessions.get(String(request.params.id));
      if (session?.staff !== staffOf(caller)) throw new Problem('not-found', 'You have no such session.');
      await sessions.end([session], caller, 'session-ended');
      return {};
    }),
    posted({ path: '/v1/me/sessions/end', permission: 'self' }, async (request, response) => {
      demandNoFields(request);
      const { id, staff } = sessionOf(response);
      const others = (await sessions.list(staff)).filter((session) => session.id !== id);
      await sessions.end(others, callerOf(request, response), 'sessions-ended');
      return {};
    }),
  ];

  async function me(request: Request, response: Response): Promise<void> {
    response.json(await meOf(parts, request, response));
  }

  function change(word: string, act: Act): Route {
    return posted({ path: `/v1/me/${word}`, permission: 'self', fresh: true }, (request, response) =>
      act(callerOf(request, response), request, response),
    );
  }
}

export interface Me extends Pick<StaffInfo, 'id' | 'name' | 'grants' | 'methods'> {
  sessions: (ShownSession & { current: boolean })[];
  /** Why there are no passkeys at this address, where there are none. */
  passkeysOff?: string;
  /** Whether the newsroom has single sign-on. */
  sso: boolean;
}

/** Who is asking, by what they sign in, and where they are signed in. */
export async function meOf(parts: Parts, request: Request, response: Response): Promise<Me> {
  const current = sessionOf(response);
  const [info, sessions] = await Promise.all([parts.staff.get(current.staff), openSessions(parts, current.staff)]);
  if (!info) throw new Problem('not-found', 'There is no such account any more.');
  const { id, name, grants, methods } = info;
  const off = parts.passkeys.off(homeOf(parts.settings, request))?.words;
  return {
    id,
    name,
    grants,
    methods,
    sessions: sessions.map((session) => ({ ...shownSession(session), current: session.id === current.id })),
    ...(off !== undefined && { passkeysOff: off }),
    sso: parts.sso !== undefined,
  };
}
