import type { Request, Response } from 'express';
import type { Parts } from '../parts.ts';
import { callerOf } from './caller.ts';
import { demandNoFields, jsonOf } from './json.ts';
import { posted } from './posted.ts';
import type { Route } from './route.ts';

/** What programs come in with. */
export function keyRoutes({ keys }: Parts): Route[] {
  return [
    { method: 'get', path: '/v1/keys', permission: 'keys', surface: false, handle: list },
    posted({ path: '/v1/keys', permission: 'keys', fresh: true }, (request, response) =>
      keys.add(callerOf(request, response), jsonOf(request)),
    ),
    posted({ path: '/v1/keys/:id/revoke', permission: 'keys', fresh: true }, async (request, response) => {
      demandNoFields(request);
      await keys.revoke(callerOf(request, response), String(request.params.id));
      return {};
    }),
  ];

  async function list(request: Request, response: Response): Promise<void> {
    response.json({ keys: await keys.list(callerOf(request, response)) });
  }
}
