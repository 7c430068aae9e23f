import type { Request, Response } from 'express';
import type { Route } from './route.ts';

/** A route that does something and answers in JSON with what came of it. */
export function posted(
  rule: Pick<Route, 'path' | 'permission' | 'fresh'>,
  act: (request: Request, response: Response) => Promise<object>,
): Route {
  return { ...rule, method: 'post', surface: false, handle };

  async function handle(request: Request, response: Response): Promise<void> {
    response.json(await act(request, response));
  }
}
