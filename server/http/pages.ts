import type { Request, Response } from 'express';
import { ROWS, unknownEdition } from '../arrival.ts';
import { editionPage } from '../pages/edition.ts';
import type { Parts } from '../parts.ts';
import type { Route } from './route.ts';

/** Pages for people, rendered here and live once scripts run. */
export function pageRoutes({ settings, file, snapshots, clock }: Parts): Route[] {
  return [
    { method: 'get', path: '/', permission: 'public', surface: false, handle: front },
    { method: 'get', path: '/:edition', permission: 'public', surface: true, handle: edition },
  ];

  function front(_request: Request, response: Response): void {
    const [first] = file.editions.keys();
    response.redirect(302, `/${first}`);
  }

  async function edition(request: Request, response: Response): Promise<void> {
    const info = file.editions.get(String(request.params.edition)) ?? unknownEdition(String(request.params.edition));
    const { snapshot } = await snapshots.get(info.id, ROWS);
    const editions = [...file.editions.values()];
    response
      .set('Cache-Control', 'max-age=0, s-maxage=1, stale-while-revalidate=1')
      .type('html')
      .send(
        editionPage({
          newsroom: file.name,
          edition: info,
          editions,
          snapshot,
          publicUrl: settings.PUBLIC_URL,
          now: clock.now(),
        }),
      );
  }
}
