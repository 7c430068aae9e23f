import type { Request, Response } from 'express';
import { unknownEdition } from '../arrival.ts';
import { editionOf, type Revisions } from '../engine.ts';
import { findRevisions, published } from '../find.ts';
import { historyOf } from '../history.ts';
import { itemPage } from '../pages/item.ts';
import type { Parts } from '../parts.ts';
import { bodyOf, sendBody } from './body.ts';
import { FRESH } from './caching.ts';
import { homeOf } from './home.ts';
import type { Route } from './route.ts';

/** An item with what became of its words since it was published, for everybody. */
export function historyRoutes({ settings, engine, file }: Parts): Route[] {
  return [
    { method: 'get', path: '/v1/items/:id/history', permission: 'public', surface: true, handle: history },
    { method: 'get', path: '/:edition/i/:id', permission: 'public', surface: true, handle: page },
  ];

  async function history(request: Request, response: Response): Promise<void> {
    const id = String(request.params.id);
    response.set('Cache-Control', FRESH).json(toldOf(await findRevisions({ engine, file }, id), id));
  }

  async function page(request: Request, response: Response): Promise<void> {
    const [name, id] = [String(request.params.edition), String(request.params.id)];
    const edition = file.editions.get(name) ?? unknownEdition(name);
    const found = await findRevisions({ engine, file }, id);
    const told = toldOf(found && editionOf(found.current) === name ? found : undefined, id);
    const [newsroom, editions] = [file.name, [...file.editions.values()]];
    const body = bodyOf(itemPage({ newsroom, edition, editions, ...told, home: homeOf(settings, request) }));
    sendBody(request, response.set('Cache-Control', FRESH).type('html'), body);
  }
}

/** @throws Problem for what readers may not see */
function toldOf(found: Revisions | undefined, id: string) {
  return { item: published(found?.current, id), history: historyOf(found?.revisions ?? []) };
}
