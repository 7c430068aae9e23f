import type { Request, Response } from 'express';
import * as z from 'zod';
import { valid } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { PageAddress } from '../unfurl.ts';
import type { Route } from './route.ts';

const UnfurlQuery = z.object({ url: PageAddress });

/** What a link leads to, for whoever writes a headline about it. */
export function unfurlRoutes({ unfurl }: Parts): Route[] {
  return [{ method: 'get', path: '/v1/unfurl', permission: 'draft', surface: false, handle }];

  async function handle(request: Request, response: Response): Promise<void> {
    const { url } = valid(UnfurlQuery, request.query);
    response.json(await unfurl.at(url));
  }
}
