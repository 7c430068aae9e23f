import type { Request, Response } from 'express';
import * as z from 'zod';
import { valid } from '../errors.ts';
import { pickerPage } from '../pages/picker.ts';
import { PAGE_WORDS, pageWordsFor } from '../pages/words.ts';
import type { Parts } from '../parts.ts';
import { bodyOf, sendBody } from './body.ts';
import { embedOf } from './embed-query.ts';
import { withForm } from './headers.ts';
import { homeOf } from './home.ts';
import type { Release } from './releases.ts';
import type { Route } from './route.ts';

const PickerQuery = z.object({ edition: z.string().optional(), lang: z.string().max(35).optional() });

/** Where an embedder makes a ticker of their own, and takes it away. */
export function pickerRoutes({ settings, file }: Parts, releases: readonly Release[]): Route[] {
  const release = releases.find(({ script }) => script === 'ticker');
  return [{ method: 'get', path: '/embed', permission: 'public', surface: false, headers: withForm, handle: picker }];

  function picker(request: Request, response: Response): void {
    const { edition, lang } = valid(PickerQuery, request.query);
    const asked = lang ?? (request.acceptsLanguages(PAGE_WORDS.map(({ language }) => language)) || 'en');
    const words = pageWordsFor(asked);
    const editions = [...file.editions.values()];
    const usual = editions.find(({ language }) => language.startsWith(words.language)) ?? editions[0];
    // A form sends its empty fields too.
    const given = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== ''));
    const embed = embedOf(file, edition ?? usual?.id ?? '', given);
    const page = pickerPage({
      newsroom: file.name,
      editions,
      sections: [...file.sections],
      words,
      embed,
      home: homeOf(settings, request),
      release,
    });
    sendBody(request, response.set('Cache-Control', 'max-age=60').vary('Accept-Language').type('html'), bodyOf(page));
  }
}
