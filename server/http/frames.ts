import type { Request, Response } from 'express';
import { framePath } from '../../shared/embed.ts';
import { ROWS, viewOf } from '../arrival.ts';
import { framePage } from '../pages/frame.ts';
import type { Parts } from '../parts.ts';
import { sendBody } from './body.ts';
import { FRESH } from './caching.ts';
import { embedOf } from './embed-query.ts';
import { inAnyFrame } from './headers.ts';
import { homeOf } from './home.ts';
import { Rendered } from './rendered.ts';
import type { Route } from './route.ts';

/** The page for an iframe of any site. */
export function frameRoutes({ settings, file, snapshots, clock }: Parts): Route[] {
  const rendered = new Rendered();
  return [
    {
      method: 'get',
      path: '/embed/:edition',
      permission: 'public',
      surface: true,
      headers: inAnyFrame,
      handle: frame,
    },
  ];

  async function frame(request: Request, response: Response): Promise<void> {
    const embed = embedOf(file, String(request.params.edition), request.query);
    const home = homeOf(settings, request);
    const built = await snapshots.get(embed.edition, ROWS, viewOf(embed.tag, embed.section));
    const now = clock.now();
    const body = rendered.get(`${home}${framePath(embed)}`, built, now, () =>
      framePage({ newsroom: file.name, embed, snapshot: built.snapshot, home, now }),
    );
    sendBody(request, response.set('Cache-Control', FRESH).type('html'), body);
  }
}
