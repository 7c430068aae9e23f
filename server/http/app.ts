import express, { type Express } from 'express';
import helmet from 'helmet';
import { Problem } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { audienceRoutes } from './audience.ts';
import { embedRoutes } from './embeds.ts';
import { guard, newsroomRoutes } from './newsroom.ts';
import { operationRoutes } from './operations.ts';
import { pageRoutes } from './pages.ts';
import { problemHandler } from './problem.ts';
import { anySite, readerRoutes } from './readers.ts';
import type { Route } from './route.ts';

/** Every route there is: what each needs, and whether readers can see items there. */
export function routeTable(parts: Parts): Route[] {
  return [
    ...operationRoutes(parts),
    ...embedRoutes(),
    ...readerRoutes(parts),
    ...newsroomRoutes(parts),
    ...audienceRoutes(parts),
    ...pageRoutes(parts),
  ];
}

export function createApp(parts: Parts, routes: readonly Route[]): Express {
  const app = express();
  app.disable('x-powered-by').set('trust proxy', parts.settings.TRUST_PROXY).set('etag', false);
  app.use(helmet(HEADERS));
  app.all(['/v1/editions{/*rest}', '/v1/items/:id'], anySite);
  for (const { method, path, permission, handle } of routes)
    app[method](path, ...(permission === 'public' ? [] : guard(parts.keys, permission)), handle);
  app.use(() => {
    throw new Problem('not-found', 'There is nothing at this address.');
  });
  app.use(problemHandler(parts.log));
  return app;
}

const HEADERS = {
  /** Our own scripts and styles, and the connection to ourselves; nothing inline, nothing from elsewhere. */
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  /** Said by each route that other sites may use. */
  crossOriginResourcePolicy: false,
  /** It would speak for the newsroom's whole domain; the proxy that has the certificate says it. */
  strictTransportSecurity: false,
} as const;
