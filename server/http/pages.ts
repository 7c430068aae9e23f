import type { Request, Response } from 'express';
import { ROWS, unknownEdition } from '../arrival.ts';
import { editionPage } from '../pages/edition.ts';
import type { Parts } from '../parts.ts';
import { sendBody } from './body.ts';
import { FRESH } from './caching.ts';
import { homeOf } from './home.ts';
import { Rendered } from './rendered.ts';
import type { Route } from './route.ts';

/** Pages for people, rendered here and live once scripts run. */
export function pageRoutes({ settings, file, snapshots, clock }: Parts): Route[] {
  const rendered = new Rendered();
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
    const home = homeOf(settings, request);
    const built = await snapshots.get(info.id, ROWS);
    const now = clock.now();
    const body = rendered.get(`${home}/${info.id}`, built, now, () =>
      editionPage({
        newsroom: file.name,
        edition: info,
        editions: [...file.editions.values()],
        snapshot: built.snapshot,
        home,
        now,
      }),
    );
    sendBody(request, response.set('Cache-Control', FRESH).type('html'), body);
  }
}
