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

  /** In a language that the reader's browser asks for, else the first edition that the newsroom names. */
  function front(request: Request, response: Response): void {
    const editions = [...file.editions.values()];
    const language = request.acceptsLanguages(editions.map((info) => info.language));
    const { id } = editions.find((info) => info.language === language) ?? editions[0] ?? unknownEdition('');
    response.vary('Accept-Language').redirect(302, `/${id}`);
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
