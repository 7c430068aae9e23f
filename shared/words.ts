/** A time as it is said in a sentence: the date only when it is another day than the reader would assume. */
export interface Moment {
  time: string;
  date?: string | undefined;
}

/** Every string of the interface in one language. */
export interface Words {
  language: string;
  /** What `Intl` formats dates with. */
  locale: string;
  recentNews: string;
  allNews: string;
  noHeadlines: string;
  editions: string;
  description(newsroom: string): string;
  live: string;
  connecting: string;
  reconnecting: string;
  asOf(at: Moment): string;
  today: string;
  yesterday: string;
  flash: string;
  corrected(at: Moment): string;
  clarified(at: Moment): string;
  updated(at: Moment): string;
  withdrawn(at: Moment): string;
  pinnedUntil(at: Moment): string;
  newHeadlines(count: number): string;
}

const en: Words = {
  language: 'en',
  locale: 'en-GB',
  recentNews: 'Recent news',
  allNews: 'All news',
  noHeadlines: 'No headlines yet',
  editions: 'Editions',
  description: (newsroom) => `The latest headlines from ${newsroom}, as they come in.`,
  live: 'Live',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  asOf: (at) => `As of ${plain(at)}.`,
  today: 'Today',
  yesterday: 'Yesterday',
  flash: 'Flash',
  corrected: (at) => `Corrected ${plain(at)}`,
  clarified: (at) => `Clarified ${plain(at)}`,
  updated: (at) => `Updated ${plain(at)}`,
  withdrawn: ({ time, date }) => (date ? `Withdrawn on ${date} at ${time}.` : `Withdrawn at ${time}.`),
  pinnedUntil: (at) => `Pinned until ${plain(at)}`,
  newHeadlines: counted('en', { one: 'new headline', other: 'new headlines' }),
};

const uk: Words = {
  language: 'uk',
  locale: 'uk',
  recentNews: 'Останні новини',
  allNews: 'Усі новини',
  noHeadlines: 'Новин поки немає',
  editions: 'Мовні версії',
  description: (newsroom) => `Останні новини від «${newsroom}» — щойно вони з’являються.`,
  live: 'Наживо',
  connecting: 'З’єднуємося…',
  reconnecting: 'Відновлюємо зв’язок…',
  asOf: (at) => `Станом на ${plain(at)}.`,
  today: 'Сьогодні',
  yesterday: 'Учора',
  flash: 'Блискавка',
  corrected: (at) => `Виправлено ${ukrainian(at)}`,
  clarified: (at) => `Уточнено ${ukrainian(at)}`,
  updated: (at) => `Оновлено ${ukrainian(at)}`,
  withdrawn: (at) => `Знято з публікації ${ukrainian(at)}.`,
  pinnedUntil: (at) => `Закріплено до ${plain(at)}`,
  newHeadlines: counted('uk', { one: 'нова новина', few: 'нові новини', many: 'нових новин', other: 'нової новини' }),
};

const ru: Words = {
  language: 'ru',
  locale: 'ru',
  recentNews: 'Последние новости',
  allNews: 'Все новости',
  noHeadlines: 'Новостей пока нет',
  editions: 'Языковые версии',
  description: (newsroom) => `Последние новости от «${newsroom}» — сразу, как они появляются.`,
  live: 'Онлайн',
  connecting: 'Соединяемся…',
  reconnecting: 'Соединяемся…',
  asOf: (at) => `Данные на ${plain(at)}.`,
  today: 'Сегодня',
  yesterday: 'Вчера',
  flash: 'Молния',
  corrected: (at) => `Исправлено ${russian(at)}`,
  clarified: (at) => `Уточнено ${russian(at)}`,
  updated: (at) => `Обновлено ${russian(at)}`,
  withdrawn: (at) => `Снято с публикации ${russian(at)}.`,
  pinnedUntil: (at) => `Закреплено до ${plain(at)}`,
  newHeadlines: counted('ru', { one: 'новая новость', few: 'новые новости', many: 'новых новостей', other: 'новости' }),
};

const ALL = new Map([en, uk, ru].map((words) => [words.language, words]));

/** The words for a BCP 47 language, English where we have none. */
export function wordsFor(language: string): Words {
  return ALL.get(language.toLowerCase().split('-')[0] ?? '') ?? en;
}

function plain({ time, date }: Moment): string {
  return date ? `${date}, ${time}` : time;
}

/** "о 19:31", but "об 11:05": the hour is read "одинадцятій". */
function ukrainian({ time, date }: Moment): string {
  return `${date ? `${date} ` : ''}${time.startsWith('11') ? 'об' : 'о'} ${time}`;
}

function russian({ time, date }: Moment): string {
  return `${date ? `${date} ` : ''}в ${time}`;
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

function counted(language: string, forms: Forms): (count: number) => string {
  return (count) => {
    const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
    return `${new Intl.NumberFormat(language).format(count)} ${form}`;
  };
}
