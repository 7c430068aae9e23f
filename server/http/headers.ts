import helmet from 'helmet';
import { ANY_SITE } from './any-site.ts';
import type { Middleware } from './route.ts';

/** Our own scripts and styles, and the connection to ourselves; nothing inline, nothing from elsewhere. */
const DIRECTIVES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

const policy = (directives: Partial<Record<keyof typeof DIRECTIVES | 'frameSrc', string[]>>) =>
  helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...DIRECTIVES, ...directives } });

/** Of every answer. */
export const headers: Middleware = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
  /** Said by each route that other sites may use. */
  crossOriginResourcePolicy: false,
  /** It would speak for the newsroom's whole domain; the proxy that has the certificate says it. */
  strictTransportSecurity: false,
});

/** `*` means the web only; a file on somebody's disk is where a snippet is tried first. */
const anyAncestor = policy({ frameAncestors: ['*', 'file:'] });

/** Of a page that may stand in a frame of any site, also of one that is isolated (COEP). */
export const inAnyFrame: Middleware = (request, response, next) => {
  response.removeHeader('X-Frame-Options');
  response.set({ ...ANY_SITE, 'Cross-Origin-Embedder-Policy': 'require-corp' });
  anyAncestor(request, response, next);
};

/** Of a page with a form that asks for the page anew, and with a frame of ours in it. */
export const withForm: Middleware = policy({ formAction: ["'self'"], frameSrc: ["'self'"] });

const withOwnForms = policy({ formAction: ["'self'"] });

/** Of the newsroom's side: kept by no cache, used by no other site. */
export const newsroomSide: Middleware = (request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // With `no-referrer` a browser would send forms with `Origin: null`.
    'Referrer-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
  });
  withOwnForms(request, response, next);
};
