import type { Request, Response } from 'express';
import * as z from 'zod';
import { frameHeight, frameMarkup, linkMarkup, titleOf } from '../../shared/embed.ts';
import { unknownEdition } from '../arrival.ts';
import { Problem, valid } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { embedOf } from './embed-query.ts';
import { homeOf } from './home.ts';
import type { Route } from './route.ts';

/** Where nobody says how much room there is. */
const WIDTH = 600;
const DAY = 86_400;

const side = z.coerce.number().pipe(z.int().min(1).max(100_000));
const OembedQuery = z.object({
  url: z.string(),
  maxwidth: side.default(WIDTH),
  maxheight: side.optional(),
  format: z.string().default('json'),
});

/** oEmbed 1.0: what stands for a link of ours on the pages of others. */
export function oembedRoutes({ settings, file }: Parts): Route[] {
  return [{ method: 'get', path: '/oembed', permission: 'public', surface: false, handle: oembed }];

  function oembed(request: Request, response: Response): void {
    const { url, maxwidth, maxheight, format } = valid(OembedQuery, request.query);
    if (format !== 'json') throw new Problem('no-such-format', 'Only the format "json" is served.');
    const home = homeOf(settings, request);
    const embed = embedAt(url, new URL(home).href.replace(/\/$/, ''));
    const { language } = file.editions.get(embed.edition) ?? unknownEdition(embed.edition);
    const title = titleOf(file.name, language, embed);
    const width = Math.min(WIDTH, maxwidth);
    const height = Math.min(frameHeight(embed), maxheight ?? Number.POSITIVE_INFINITY);
    // WordPress keeps a blockquote without attributes and the frame right behind it, and nothing else.
    const link = `<blockquote>${linkMarkup(`${home}/${embed.edition}`, title)}</blockquote>`;
    const html = `${link}${frameMarkup({ home, title, embed }, String(width), height)}`;
    response.set('Cache-Control', 'max-age=300').json({
      version: '1.0',
      type: 'rich',
      title,
      provider_name: file.name,
      provider_url: home,
      cache_age: DAY,
      width,
      height,
      html,
    });
  }

  /** @throws Problem for an address that is not that of a ticker of ours */
  function embedAt(url: string, home: string) {
    const at = URL.canParse(url) ? new URL(url) : undefined;
    const path = at && `${at.origin}${at.pathname}`.replace(/\/$/, '');
    const [, framed, edition] =
      /^(\/embed)?\/([^/]+)$/.exec(path?.startsWith(home) ? path.slice(home.length) : '') ?? [];
    if (at === undefined || edition === undefined || !file.editions.has(edition))
      throw new Problem('not-found', 'There is no ticker of ours at this address.');
    return embedOf(file, edition, framed ? Object.fromEntries(at.searchParams) : {});
  }
}
