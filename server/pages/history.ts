import { diffWords } from 'diff';
import { type ComponentChildren, h } from 'preact';
import type { Clock } from '../../shared/clock.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import type { Change, FieldChange } from '../history.ts';
import type { PageWords } from './words.ts';

export interface Setting {
  edition: EditionInfo;
  words: PageWords;
  clock: Clock;
}

/** What became of an item's words, the newest change first. */
export function changeList(history: readonly Change[], publishedAt: string, setting: Setting) {
  const { words } = setting;
  return h(
    'section',
    { class: 'history', 'aria-labelledby': 'history' },
    h('h2', { id: 'history' }, words.history.title),
    history.length === 1 && h('p', null, words.history.unchanged),
    h('ol', { reversed: true }, history.map((change) => entry(change, publishedAt, setting)).reverse()),
  );
}

function entry({ kind, at, notice, changes }: Change, publishedAt: string, setting: Setting) {
  const { edition, words, clock } = setting;
  const { time, date } = clock.moment(at, publishedAt);
  const segmenter = new Intl.Segmenter(edition.language, { granularity: 'word' });
  // The first words are those that the next change was made to, or those that still stand.
  const told = kind ? changes.flatMap((change) => fieldChange(change, segmenter, setting) ?? []) : [];
  return h(
    'li',
    { class: kind ?? 'published' },
    h('h3', null, words.history.kinds[kind ?? 'published']),
    ' ',
    h('time', { datetime: at, title: `${clock.full(at)} · ${edition.zoneLabel}` }, date ? `${time}, ${date}` : time),
    notice && h('p', { class: 'notice', lang: edition.language, dir: edition.direction }, notice),
    told.length > 0 && h('dl', null, told),
  );
}

/** Both texts whole, each with what the other lacks marked in it: to be told apart by eye, by ear and in a copy. */
function fieldChange({ field, before, after }: FieldChange, segmenter: Intl.Segmenter, { edition, words }: Setting) {
  const { fields, was, is } = words.history;
  const name = fields[field];
  if (name === undefined) return undefined;
  const [one, other] = [textOf(before), textOf(after)];
  const parts = diffWords(one, other, { intlSegmenter: segmenter });
  const written = { lang: edition.language, dir: edition.direction };
  const line = (said: string, text: ComponentChildren[]) =>
    text.length > 0 && h('dd', null, h('span', { class: 'side' }, said), ' ', h('span', written, text));
  return h(
    'div',
    null,
    h('dt', null, name),
    line(
      was,
      parts.filter(({ added }) => !added).map(({ removed, value }) => (removed ? h('del', null, value) : value)),
    ),
    line(
      is,
      parts.filter(({ removed }) => !removed).map(({ added, value }) => (added ? h('ins', null, value) : value)),
    ),
  );
}

/** As a reader sees it: a label by its text, tags by their names. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value !== 'object' || value === null) return value === null ? '' : String(value);
  return 'text' in value ? String(value.text) : 'name' in value ? String(value.name) : '';
}
