import type { Request } from 'express';
import type { Settings } from '../config.ts';
import { Problem } from '../errors.ts';
import { homeOf } from './home.ts';

/**
 * A browser sends its cookies with requests that pages of others make, so what changes anything must say that it comes
 * from a page of ours. `Origin: null` comes from nowhere that can be trusted. @throws Problem `wrong-origin`
 */
export function demandOwnOrigin(settings: Settings, request: Request): void {
  if (request.get('Origin') === undefined)
    throw new Problem('wrong-origin', 'The request does not say which page it comes from ("Origin").');
  refuseOtherOrigin(settings, request);
}

/** As above, but for a request that browsers name no origin with when it comes from a page of the same one. */
export function refuseOtherOrigin(settings: Settings, request: Request): void {
  const { origin: ours } = new URL(homeOf(settings, request));
  const { origin = ours, 'sec-fetch-site': site = 'same-origin' } = request.headers;
  if (origin !== ours || site !== 'same-origin')
    throw new Problem(
      'wrong-origin',
      `Only pages at ${ours} may ask for this. Behind a proxy, PUBLIC_URL says where they are.`,
    );
}
