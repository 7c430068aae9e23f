import { HELD, SHOWN } from '../../shared/rows.ts';
import type { Source } from './address.ts';
import { MODES, type Mode } from './status.ts';

/** The attributes, which are all the state that a ticker keeps for its embedder. */
export const ATTRIBUTES = [
  'src',
  'edition',
  'tag',
  'section',
  'rows',
  'layout',
  'order',
  'lang',
  'heading',
  'announce',
  'site',
] as const;

export interface Options {
  source: Source | undefined;
  rows: number;
  layout: string;
  oldestFirst: boolean;
  language: string | undefined;
  heading: string | undefined;
  announce: Mode;
}

/** What they mean; a value that means nothing is as good as none. `home` is where the script came from. */
export function optionsOf(get: (name: (typeof ATTRIBUTES)[number]) => string | null, home: string): Options {
  const given = (name: (typeof ATTRIBUTES)[number]) => get(name) || undefined;
  const edition = given('edition');
  return {
    source: edition
      ? {
          src: (given('src') ?? home).replace(/\/+$/, ''),
          edition,
          tag: given('tag'),
          section: given('section'),
          site: given('site'),
        }
      : undefined,
    // No more than are held; no fewer than one.
    rows: Math.max(1, Math.min(HELD, Number.parseInt(get('rows') ?? '', 10) || SHOWN)),
    layout: get('layout') ?? '',
    oldestFirst: get('order') === 'oldest',
    language: given('lang'),
    heading: get('heading') ?? undefined,
    announce: MODES.find((mode) => mode === given('announce')) ?? 'counts',
  };
}
