import { wordsFor } from '../../../shared/words.ts';
import { en } from './words/en.ts';
import { ru } from './words/ru.ts';
import { uk } from './words/uk.ts';

/** What the newsroom's side says, in one language. English says which words there are. */
export type DeskWords = typeof en;

/** In the order in which pages offer them. */
export const DESK_WORDS: readonly DeskWords[] = [uk, ru, en];

/** As the ticker's words are chosen, so that one newsroom speaks one language on both sides. */
export function deskWordsFor(language: string): DeskWords {
  const { language: chosen } = wordsFor(language);
  return DESK_WORDS.find((words) => words.language === chosen) ?? en;
}
