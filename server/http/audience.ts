import type { Request, Response } from 'express';
import type { Parts } from '../parts.ts';
import { may } from '../roles.ts';
import { credentialOf } from './caller.ts';
import type { Route } from './route.ts';

/** Who reads now, for those who may know it. */
export function audienceRoutes({ audience }: Parts): Route[] {
  return [{ method: 'get', path: '/v1/audience', permission: 'audience', surface: false, handle }];

  async function handle(_request: Request, response: Response): Promise<void> {
    const { actor } = credentialOf(response);
    const { editions, nodes } = await audience.now();
    const seen = editions.filter(({ id }) => may(actor, 'audience', id));
    response.json({ editions: seen, nodes });
  }
}
