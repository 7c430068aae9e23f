import type { Middleware } from './route.ts';

/** Reading needs no sign-in and no cookie, so any site may do it. */
export const ANY_SITE = {
  'Access-Control-Allow-Origin': '*',
  // Else a script of another site can see neither what time it is here nor how long it was asked to stay away.
  'Access-Control-Expose-Headers': 'Date, Retry-After',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** Lets any site read, and answers a browser that asks first. */
export const anySite: Middleware = (request, response, next) => {
  response.set(ANY_SITE);
  if (request.method !== 'OPTIONS') return next();
  response.set({
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': 'Last-Event-ID, If-None-Match, Cache-Control',
    'Access-Control-Max-Age': '86400',
  });
  return response.status(204).end();
};
