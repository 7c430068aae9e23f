import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Problem, StartError } from '../errors.ts';
import { ANY_SITE } from './any-site.ts';
import { bodyOf, sendBody } from './body.ts';
import type { Release } from './releases.ts';
import type { Route } from './route.ts';

const BUILT = new URL('../../client/dist/', import.meta.url);
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const OF_READERS = { ...ANY_SITE, 'Cache-Control': 'max-age=300' };
/** For no other site; and never older than the page that it is for, which no cache keeps. */
const OF_THE_DESK = { 'Cross-Origin-Resource-Policy': 'same-origin', 'Cache-Control': 'no-cache' };

/** The browser's files, as `npm run build` made them. @throws StartError when they are not there */
export function fileRoutes(): Route[] {
  return built().map((name): Route => {
    const [plain, gzip] = [name, `${name}.gz`].map((file) => readFileSync(new URL(file, BUILT))) as [Buffer, Buffer];
    const body = bodyOf(plain, gzip);
    return {
      method: 'get',
      path: `/${name}`,
      permission: 'public',
      surface: false,
      handle(request, response) {
        response.set({
          'Content-Type': TYPES[extname(name)],
          ...(name.startsWith('desk.') ? OF_THE_DESK : OF_READERS),
        });
        sendBody(request, response, body);
      },
    };
  });
}

/** What was released stays as it was, for the pages that name its version and its hash. */
export function releaseRoute(releases: readonly Release[]): Route {
  const bodies = new Map(releases.map(({ file, bytes }) => [file, bodyOf(bytes)]));
  return {
    method: 'get',
    path: '/ticker-:version.js',
    permission: 'public',
    surface: false,
    handle(request, response) {
      const body = bodies.get(`ticker-${request.params.version}.js`);
      if (!body) throw new Problem('not-found', 'No such version of the ticker was released.');
      response.set({ ...ANY_SITE, 'Content-Type': TYPES['.js'], 'Cache-Control': 'max-age=31536000, immutable' });
      sendBody(request, response, body);
    },
  };
}

function built(): string[] {
  try {
    const names = readdirSync(BUILT);
    if (names.includes('ticker.js.gz')) return names.filter((name) => extname(name) in TYPES);
  } catch {}
  throw new StartError('The browser’s files are not built. Run "npm run build".');
}
