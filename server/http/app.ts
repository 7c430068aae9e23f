import express, { type Express } from 'express';
import { Problem } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { anySite } from './any-site.ts';
import { audienceRoutes } from './audience.ts';
import { auditRoutes } from './audit.ts';
import { deskLiveRoutes } from './desk-live.ts';
import { deskPageRoutes } from './desk-pages.ts';
import { fileRoutes, releaseRoute } from './files.ts';
import { frameRoutes } from './frames.ts';
import { guard } from './guard.ts';
import { headers } from './headers.ts';
import { historyRoutes } from './history.ts';
import { joiningRoutes } from './joining.ts';
import { keyRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { newsroomRoutes } from './newsroom.ts';
import { oembedRoutes } from './oembed.ts';
import { operationRoutes } from './operations.ts';
import { pageRoutes } from './pages.ts';
import { pickerRoutes } from './picker.ts';
import { problemHandler } from './problem.ts';
import { readerRoutes } from './readers.ts';
import { readReleases } from './releases.ts';
import type { Route } from './route.ts';
import { signInRoutes } from './sign-in.ts';
import { similarRoutes } from './similar.ts';
import { ssoRoutes } from './sso.ts';
import { staffRoutes } from './staff.ts';
import { unfurlRoutes } from './unfurl.ts';

/** Every route there is: what each needs, and whether readers can see items there. */
export function routeTable(parts: Parts): Route[] {
  const releases = readReleases();
  return [
    ...operationRoutes(parts),
    ...fileRoutes(),
    releaseRoute(releases),
    ...readerRoutes(parts),
    ...historyRoutes(parts),
    ...newsroomRoutes(parts),
    ...audienceRoutes(parts),
    ...unfurlRoutes(parts),
    ...similarRoutes(parts),
    ...oembedRoutes(parts),
    ...pickerRoutes(parts, releases),
    ...frameRoutes(parts),
    // Before `/:edition`, which would take them.
    ...deskPageRoutes(parts),
    ...pageRoutes(parts),
    ...signInRoutes(parts),
    ...ssoRoutes(parts),
    ...joiningRoutes(parts),
    ...meRoutes(parts),
    ...staffRoutes(parts),
    ...keyRoutes(parts),
    ...auditRoutes(parts),
    ...deskLiveRoutes(parts),
  ];
}

export function createApp(parts: Parts, routes: readonly Route[]): Express {
  const app = express();
  app.disable('x-powered-by').set('trust proxy', parts.settings.TRUST_PROXY).set('etag', false);
  app.use(headers);
  app.all(['/v1/editions{/*rest}', '/v1/items/:id{/history}', '/oembed'], anySite);
  for (const route of routes) {
    const allowed = route.permission === 'public' ? [] : guard(parts, route);
    app[route.method](route.path, ...(route.headers ? [route.headers] : []), ...allowed, route.handle);
  }
  app.use(() => {
    throw new Problem('not-found', 'There is nothing at this address.');
  });
  app.use(problemHandler(parts));
  return app;
}
