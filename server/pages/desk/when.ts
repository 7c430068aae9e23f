import { h } from 'preact';
import { clockFor } from '../../../shared/clock.ts';
import type { EditionInfo } from '../../../shared/wire.ts';
import type { DeskWords } from './words.ts';

/** The newsroom's own zone is that of its first edition. */
export interface Zone {
  words: DeskWords;
  editions: readonly EditionInfo[];
  /** Epoch milliseconds. */
  now: number;
}

/** A time as the newsroom has it, with the date where it is another day; in full and in UTC as its title. */
export function when({ words, editions, now }: Zone, at: string) {
  const clock = clockFor(words.locale, editions[0]?.timeZone ?? 'UTC');
  const { time, date } = clock.moment(at, now);
  const utc = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  return h('time', { datetime: at, title: utc }, date === undefined ? time : `${date}, ${time}`);
}

/** What the times of the page are in. */
export function zoneOf({ words, editions }: Zone): string {
  const first = editions[0];
  const ours = editions.find(
    ({ language, timeZone }) => timeZone === first?.timeZone && language.startsWith(words.language),
  );
  return ours?.zoneLabel ?? first?.timeZone ?? 'UTC';
}
