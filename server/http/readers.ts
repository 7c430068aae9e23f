import type { Request, Response } from 'express';
import type { Item } from '../../shared/item.ts';
import { parsePosition } from '../../shared/position.ts';
import { SnapshotQuery, unknownEdition, viewOf } from '../arrival.ts';
import { Problem, valid } from '../errors.ts';
import { findItem, published } from '../find.ts';
import type { Parts } from '../parts.ts';
import { FRESH } from './caching.ts';
import type { Route } from './route.ts';

/** What anybody may read, from any site. */
export function readerRoutes({ engine, file, snapshots, sse, poll }: Parts): Route[] {
  return [
    { method: 'get', path: '/v1/editions', permission: 'public', surface: false, handle: editions },
    { method: 'get', path: '/v1/editions/:edition/snapshot', permission: 'public', surface: true, handle: snapshot },
    { method: 'get', path: '/v1/editions/:edition/live', permission: 'public', surface: true, handle: live },
    { method: 'get', path: '/v1/items/:id', permission: 'public', surface: true, handle: item },
    { method: 'get', path: '/r/:id', permission: 'public', surface: true, handle: article },
  ];

  function editions(_request: Request, response: Response): void {
    response.set('Cache-Control', 'max-age=60').json({ editions: [...file.editions.values()] });
  }

  async function snapshot(request: Request, response: Response): Promise<void> {
    const edition = editionOf(request);
    const { limit, min, tag, section } = valid(SnapshotQuery, request.query);
    const view = viewOf(tag, section);
    const least = min === undefined ? undefined : parsePosition(min);
    const built = least
      ? await snapshots.atLeast(least, edition, limit, view)
      : await snapshots.get(edition, limit, view);
    response.set({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': FRESH,
      ETag: built.etag,
    });
    if (request.fresh) response.status(304).end();
    else response.end(built.json);
  }

  function live(request: Request, response: Response): Promise<void> {
    const edition = editionOf(request);
    response.vary('Accept');
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream')
      return sse(response, edition, request.query, request.get('Last-Event-ID'));
    return poll(response, edition, request.query);
  }

  async function item(request: Request, response: Response): Promise<void> {
    response.set('Cache-Control', FRESH).json(await found(request));
  }

  /** To the article of an item, for embeds whose links may only lead to our own host. */
  async function article(request: Request, response: Response): Promise<void> {
    const { id, url } = await found(request);
    if (url === undefined || !/^https?:\/\//.test(url))
      throw new Problem('not-found', `The item ${id} has no article.`);
    response.set('Cache-Control', FRESH).redirect(302, url);
  }

  async function found(request: Request): Promise<Item> {
    const id = String(request.params.id);
    return published(await findItem({ engine, file }, id), id);
  }

  function editionOf(request: Request): string {
    const edition = String(request.params.edition);
    return file.editions.has(edition) ? edition : unknownEdition(edition);
  }
}
