import type { Request, Response } from 'express';
import type { Door, Inside } from '../pages/desk/door.ts';
import { DESK_WORDS, deskWordsFor } from '../pages/desk/words.ts';
import type { Parts } from '../parts.ts';
import { homeOf } from './home.ts';
import { type Me, meOf } from './me.ts';
import { nextOf } from './next.ts';

const LANGUAGES = DESK_WORDS.map(({ language }) => language);

/** What every page of the newsroom's side is made from. */
export function doorOf({ settings, file, passkeys, sso }: Parts, request: Request): Door {
  const url = new URL(request.originalUrl, 'http://desk.invalid');
  // Who was sent to the sign-in from a page goes on in its language.
  const next = new URL(nextOf(request.query.next), url);
  const asked = url.searchParams.get('lang') ?? next.searchParams.get('lang');
  const lang = LANGUAGES.find((language) => language === asked);
  url.searchParams.delete('lang');
  return {
    newsroom: file.name,
    words: deskWordsFor(lang ?? (request.acceptsLanguages(LANGUAGES) || 'en')),
    lang,
    path: `${url.pathname}${url.search}`,
    sso: sso !== undefined,
    passkeysOff: passkeys.off(homeOf(settings, request))?.reason,
  };
}

/** And of those behind the door. */
export async function insideOf(
  parts: Parts,
  request: Request,
  response: Response,
): Promise<Inside & Pick<Me, 'sessions'>> {
  const { sessions, ...me } = await meOf(parts, request, response);
  const editions = [...parts.file.editions.values()];
  return { ...doorOf(parts, request), me, sessions, editions, now: parts.clock.now() };
}

/** What people and keys are called today, by their names in the audit. */
export async function namesNow({ staff, keys }: Parts): Promise<Map<string, string>> {
  const [people, programs] = await Promise.all([staff.list(), keys.list()]);
  return new Map([
    ...people.map(({ id, name }) => [`staff:${id}`, name] as const),
    ...programs.map(({ id, name }) => [`key:${id}`, name] as const),
  ]);
}
