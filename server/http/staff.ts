import type { Request, Response } from 'express';
import type { StaffInfo } from '../desk/account.ts';
import type { MadeLink, PendingLink } from '../desk/links.ts';
import type { Caller } from '../newsroom.ts';
import type { Parts } from '../parts.ts';
import { callerOf } from './caller.ts';
import { homeOf } from './home.ts';
import { joinLink } from './join-link.ts';
import { demandNoFields, jsonOf } from './json.ts';
import { openSessions, type ShownSession, shownSession } from './open-sessions.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

/** Who belongs to the newsroom, for its chiefs. */
export function staffRoutes(parts: Parts): Route[] {
  const { settings, staff, links } = parts;
  return [
    { method: 'get', path: '/v1/staff', permission: 'staff', surface: false, handle: list },
    change('/v1/staff/invite', async (caller, _id, request) =>
      shown(request, await links.invite(caller, jsonOf(request))),
    ),
    change('/v1/staff/:id/grant', (caller, id, request) => staff.grant(caller, id, jsonOf(request))),
    plain('/v1/staff/:id/recover', async (caller, id, request) => shown(request, await links.recover(caller, id))),
    plain('/v1/staff/:id/disable', (caller, id) => staff.disable(caller, id)),
    plain('/v1/staff/:id/enable', (caller, id) => staff.enable(caller, id)),
    plain('/v1/staff/:id/sign-out', (caller, id) => staff.endSessions(caller, id).then(nothing)),
    plain('/v1/links/:id/revoke', (caller, id) => links.revoke(caller, id).then(nothing)),
  ];

  async function list(_request: Request, response: Response): Promise<void> {
    response.json(await staffList(parts));
  }

  function shown(request: Request, { token, endsAt }: MadeLink): { link: string; endsAt: string } {
    return { link: joinLink(homeOf(settings, request), token), endsAt };
  }

  function plain(path: string, act: Act): Route {
    return change(path, (caller, id, request) => {
      demandNoFields(request);
      return act(caller, id, request);
    });
  }

  function change(path: string, act: Act): Route {
    return posted({ path, permission: 'staff', fresh: true }, async (request, response) => {
      return act(callerOf(request, response), String(request.params.id), request);
    });
  }
}

type Act = (caller: Caller, id: string, request: Request) => Promise<object>;

const nothing = () => ({});

export interface StaffList {
  staff: (StaffInfo & { sessions: ShownSession[] })[];
  links: PendingLink[];
}

/** All who are there, where each is signed in, and who was asked to come. */
export async function staffList(parts: Pick<Parts, 'staff' | 'links' | 'sessions'>): Promise<StaffList> {
  const [staff, links, sessions] = await Promise.all([parts.staff.list(), parts.links.pending(), openSessions(parts)]);
  const of = (id: string) => sessions.filter((session) => session.staff === id).map(shownSession);
  return { staff: staff.map((info) => ({ ...info, sessions: of(info.id) })), links };
}
