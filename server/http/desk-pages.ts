import type { Request, Response } from 'express';
import { accountPage } from '../pages/desk/account.ts';
import { homePage } from '../pages/desk/home.ts';
import { joinPage } from '../pages/desk/join.ts';
import { keysPage } from '../pages/desk/keys.ts';
import { signInPage } from '../pages/desk/sign-in.ts';
import { staffPage } from '../pages/desk/staff.ts';
import type { Parts } from '../parts.ts';
import { agentOf, callerOf, foundCredential } from './caller.ts';
import { deskAudit } from './desk-audit.ts';
import { doorOf, insideOf, namesNow } from './desk-inside.ts';
import { nextOf } from './next.ts';
import type { Route } from './route.ts';
import { staffList } from './staff.ts';

const SSO_FAILURES = ['uninvited', 'cancelled', 'failed'] as const;

type Render = (request: Request, response: Response) => string | Promise<string>;

/** The newsroom's own pages. */
export function deskPageRoutes(parts: Parts): Route[] {
  const { file, keys } = parts;
  return [
    { method: 'get', path: '/desk/sign-in', permission: 'guest', page: true, surface: false, handle: signIn },
    page('/desk/join', 'guest', (request) =>
      joinPage({ ...doorOf(parts, request), agent: agentOf(request), editions: [...file.editions.values()] }),
    ),
    page('/desk', 'self', async (...asked) => homePage(await insideOf(parts, ...asked))),
    page('/desk/account', 'self', async (request, response) =>
      accountPage({
        ...(await insideOf(parts, request, response)),
        agent: agentOf(request),
        ssoFailed: ssoFailureIn(request),
      }),
    ),
    page('/desk/staff', 'staff', async (...asked) => {
      const [inside, list, names] = await Promise.all([insideOf(parts, ...asked), staffList(parts), namesNow(parts)]);
      return staffPage({ ...inside, ...list, names });
    }),
    page('/desk/keys', 'keys', async (...asked) =>
      keysPage({ ...(await insideOf(parts, ...asked)), keys: await keys.list(callerOf(...asked)) }),
    ),
    page('/desk/audit', 'audit', (...asked) => deskAudit(parts, ...asked)),
  ];

  /** Whoever is in already is let through. */
  function signIn(request: Request, response: Response): void {
    const next = nextOf(request.query.next);
    if (foundCredential(response)) {
      response.redirect(302, next);
      return;
    }
    const ended = request.query.ended !== undefined;
    const ssoFailed = ssoFailureIn(request);
    response.type('html').send(signInPage({ ...doorOf(parts, request), next, ended, ssoFailed }));
  }
}

/** How single sign-on ended, where its way back says that it brought nobody in. */
function ssoFailureIn({ query }: Request) {
  return SSO_FAILURES.find((word) => word === query.sso);
}

function page(path: string, permission: Route['permission'], render: Render): Route {
  return { method: 'get', path, permission, page: true, surface: false, handle };

  async function handle(request: Request, response: Response): Promise<void> {
    response.type('html').send(await render(request, response));
  }
}
