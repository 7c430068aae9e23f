import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Request, Response } from 'express';
import { StartError } from '../errors.ts';
import type { Route } from './route.ts';

const FOLDER = new URL('../../client/dist/', import.meta.url);
const FILES = [
  { name: 'ticker.js', type: 'text/javascript; charset=utf-8' },
  { name: 'ticker.css', type: 'text/css; charset=utf-8' },
  { name: 'page.css', type: 'text/css; charset=utf-8' },
  { name: 'favicon.svg', type: 'image/svg+xml' },
];

/** The browser's files, as `npm run build` made them. @throws StartError when they are not there */
export function embedRoutes(): Route[] {
  return FILES.map(({ name, type }): Route => {
    const bytes = load(name);
    const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
    return { method: 'get', path: `/${name}`, permission: 'public', surface: false, handle };

    function handle(request: Request, response: Response): void {
      response.set({
        'Content-Type': type,
        'Cache-Control': 'max-age=300',
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        ETag: etag,
      });
      if (request.fresh) response.status(304).end();
      else response.end(bytes);
    }
  });
}

function load(name: string): Buffer {
  try {
    return readFileSync(new URL(name, FOLDER));
  } catch {
    throw new StartError(`The browser's file ${name} is not built. Run "npm run build".`);
  }
}
