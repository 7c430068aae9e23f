import type { Request, Response } from 'express';
import * as z from 'zod';
import { unknownEdition } from '../arrival.ts';
import { valid } from '../errors.ts';
import { permit } from '../newsroom.ts';
import type { Parts } from '../parts.ts';
import { callerOf } from './caller.ts';
import type { Route } from './route.ts';

/** Somebody is still typing, so neither need be whole. */
const typed = z.string().max(4096).default('');
const SimilarQuery = z.object({ edition: z.string(), headline: typed, url: typed });

/** What was published lately of the same story, for whoever writes a headline: a warning, which stops nobody. */
export function similarRoutes({ file, similar }: Parts): Route[] {
  return [{ method: 'get', path: '/v1/similar', permission: 'draft', surface: false, handle }];

  async function handle(request: Request, response: Response): Promise<void> {
    const { edition, ...draft } = valid(SimilarQuery, request.query);
    if (!file.editions.has(edition)) unknownEdition(edition);
    permit(callerOf(request, response), 'draft', edition);
    response.json({ similar: await similar.find(edition, draft) });
  }
}
