import { wordsFor } from '../../shared/words.ts';

/** What only the page of an edition says, beside the words of the ticker. */
interface EditionWords {
  editions: string;
  description(newsroom: string): string;
}

const en: EditionWords = {
  editions: 'Editions',
  description: (newsroom) => `The latest headlines from ${newsroom}, as they come in.`,
};

const uk: EditionWords = {
  editions: 'Мовні версії',
  description: (newsroom) => `Останні новини від «${newsroom}» — щойно вони з’являються.`,
};

const ru: EditionWords = {
  editions: 'Языковые версии',
  description: (newsroom) => `Последние новости от «${newsroom}» — сразу, как они появляются.`,
};

const ALL: Record<string, EditionWords> = { en, uk, ru };

/** In the language that the ticker's words have. */
export function editionWordsFor(language: string): EditionWords {
  return ALL[wordsFor(language).language] ?? en;
}
