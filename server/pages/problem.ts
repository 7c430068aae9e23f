import { h } from 'preact';
import { clockFor } from '../../shared/clock.ts';
import type { Tombstone } from '../../shared/item.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import type { Problem } from '../errors.ts';
import { documentOf } from './document.ts';
import { pageWordsFor } from './words.ts';

export interface ProblemPage {
  newsroom: string;
  editions: ReadonlyMap<string, EditionInfo>;
  /** Of the reader. */
  language: string;
  problem: Problem;
  /** Epoch milliseconds. */
  now: number;
}

/** What a person sees who comes to a wrong address, or to an article that was withdrawn. */
export function problemPage({ newsroom, editions, language, problem, now }: ProblemPage): string {
  const tombstone = problem.members.tombstone as Tombstone | undefined;
  const edition = tombstone && editions.get(tombstone.edition);
  const words = pageWordsFor(edition?.language ?? language);
  const title = titleOf();
  return documentOf({
    language: words.language,
    direction: edition?.direction,
    title: `${title} · ${newsroom}`,
    scheme: 'light dark',
    styles: ['/page.css'],
    scripts: [],
    head: h('meta', { name: 'robots', content: 'noindex' }),
    body: h(
      'main',
      { class: 'problem' },
      h('p', { class: 'name' }, newsroom),
      h('h1', null, title),
      explained(),
      // Out of the frame, where it stands in one: our pages may not be shown there.
      h('p', null, h('a', { href: edition ? `/${edition.id}` : '/', target: '_top' }, words.latest)),
    ),
  });

  function titleOf(): string {
    if (problem.kind === 'killed') return words.withdrawn;
    if (problem.kind === 'forbidden') return words.notAllowed;
    if (problem.status === 404) return words.nothingHere;
    return problem.status >= 500 ? words.trouble : words.wrongAddress;
  }

  function explained() {
    if (tombstone && edition) {
      const { locale, withdrawn } = wordsFor(edition.language);
      const at = clockFor(locale, edition.timeZone).moment(tombstone.killedAt, now);
      return h('p', null, `${withdrawn(at)}. ${tombstone.notice}`);
    }
    if (problem.status >= 500) return h('p', null, words.tryAgain);
    if (problem.kind === 'forbidden') return h('p', null, words.askChief);
    return problem.status === 404 ? null : h('p', { lang: 'en' }, problem.message);
  }
}
