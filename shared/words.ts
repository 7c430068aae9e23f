/** A time as it is said in a sentence: the date only when it is another day than the reader would assume. */
export interface Moment {
  time: string;
  date?: string | undefined;
}

/** The languages there are words in; the columns of what follows. */
const LANGUAGES = ['en', 'uk', 'ru'];

const TEXTS = {
  /** What `Intl` formats dates with. */
  locale: ['en-GB', 'uk', 'ru'],
  recentNews: ['Recent news', 'Останні новини', 'Последние новости'],
  allNews: ['All news', 'Усі новини', 'Все новости'],
  noHeadlines: ['No headlines yet', 'Новин поки немає', 'Новостей пока нет'],
  live: ['Live', 'Наживо', 'Онлайн'],
  connecting: ['Connecting…', 'З’єднуємося…', 'Соединяемся…'],
  reconnecting: ['Reconnecting…', 'Відновлюємо зв’язок…', 'Соединяемся…'],
  flash: ['Flash', 'Блискавка', 'Молния'],
  pause: ['Pause', 'Пауза', 'Пауза'],
  paused: ['Paused', 'На паузі', 'На паузе'],
  resume: ['Continue', 'Далі', 'Дальше'],
  jump: ['Jump to now', 'До найновіших', 'К самым новым'],
  previous: ['Previous headline', 'Попередня новина', 'Предыдущая новость'],
  next: ['Next headline', 'Наступна новина', 'Следующая новость'],
  announcements: ['Read aloud', 'Читати вголос', 'Читать вслух'],
  /** How much is read aloud. */
  off: ['Nothing', 'Нічого', 'Ничего'],
  counts: ['Counts', 'Кількість', 'Количество'],
  urgent: ['Urgent news', 'Термінові', 'Срочные'],
  all: ['All news', 'Усі новини', 'Все новости'],
};

/** What is followed by a time. */
const SAID = {
  asOf: ['As of', 'Станом на', 'Данные на'],
  pinnedUntil: ['Pinned until', 'Закріплено до', 'Закреплено до'],
};

/** What happened at a time. */
const HAPPENED = {
  corrected: ['Corrected', 'Виправлено', 'Исправлено'],
  clarified: ['Clarified', 'Уточнено', 'Уточнено'],
  updated: ['Updated', 'Оновлено', 'Обновлено'],
  withdrawn: ['Withdrawn at', 'Знято з публікації', 'Снято с публикации'],
};

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const NEW_HEADLINES: Forms[] = [
  { one: 'new headline', other: 'new headlines' },
  { one: 'нова новина', few: 'нові новини', many: 'нових новин', other: 'нової новини' },
  { one: 'новая новость', few: 'новые новости', many: 'новых новостей', other: 'новости' },
];

/** Every string of the interface in one language. */
export type Words = Record<keyof typeof TEXTS, string> &
  Record<keyof typeof SAID | keyof typeof HAPPENED, (at: Moment) => string> & {
    language: string;
    newHeadlines(count: number): string;
  };

const ALL = LANGUAGES.map(makeWords);

/** The words for a BCP 47 language, English where we have none. */
export function wordsFor(language: string): Words {
  const found = LANGUAGES.indexOf(language.toLowerCase().split('-')[0] ?? '');
  return ALL[Math.max(found, 0)] as Words;
}

function makeWords(language: string, column: number): Words {
  const texts = <Key extends string, T>(of: Record<Key, string[]>, made: (text: string) => T) =>
    Object.fromEntries(Object.entries<string[]>(of).map(([key, all]) => [key, made(all[column] ?? '')])) as Record<
      Key,
      T
    >;
  const when = [said, ukrainian, russian][column] ?? said;
  return {
    ...texts(TEXTS, (text) => text),
    ...texts(SAID, (text) => (at: Moment) => `${text} ${said(at)}`),
    ...texts(HAPPENED, (text) => (at: Moment) => `${text} ${when(at)}`),
    language,
    newHeadlines(count) {
      const forms = NEW_HEADLINES[column];
      const form = forms?.[new Intl.PluralRules(language).select(count)] ?? forms?.other;
      return `${new Intl.NumberFormat(language).format(count)} ${form}`;
    },
  };
}

function said({ time, date }: Moment): string {
  return date ? `${time}, ${date}` : time;
}

/** "о 19:31", but "об 11:05": the hour is read "одинадцятій". */
function ukrainian({ time, date }: Moment): string {
  return `${date ? `${date} ` : ''}${time.startsWith('11') ? 'об' : 'о'} ${time}`;
}

function russian({ time, date }: Moment): string {
  return `${date ? `${date} ` : ''}в ${time}`;
}
