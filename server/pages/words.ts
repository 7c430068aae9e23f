import type { LAYOUTS, THEMES } from '../../shared/embed.ts';
import type { AmendmentKind, Content } from '../../shared/item.ts';
import { wordsFor } from '../../shared/words.ts';

/** What our pages say beside the ticker, in one language. The widget has no need of it, so it is not in `shared/`. */
export interface PageWords {
  language: string;
  /** The language, in itself. */
  name: string;
  languages: string;
  editions: string;
  description(newsroom: string): string;
  latest: string;
  wrongAddress: string;
  nothingHere: string;
  notAllowed: string;
  askChief: string;
  withdrawn: string;
  trouble: string;
  tryAgain: string;
  article(site: string): string;
  history: {
    title: string;
    unchanged: string;
    kinds: Record<AmendmentKind | 'published', string>;
    /** The fields that mean something to readers. */
    fields: Partial<Record<keyof Content, string>>;
    was: string;
    is: string;
  };
  embedLink: string;
  embedLead(newsroom: string): string;
  show: string;
  edition: string;
  tag: string;
  section: string;
  allSections: string;
  tagHint: string;
  look: string;
  layout: string;
  layouts: Record<(typeof LAYOUTS)[number], string>;
  theme: string;
  themes: Record<(typeof THEMES)[number] | 'page', string>;
  rows: string;
  heading: string;
  ownColours: string;
  coloursHint: string;
  paper: string;
  ink: string;
  /** `{}` stands for the contrast. */
  lowContrast: string;
  update: string;
  preview: string;
  script: { title: string; hint: string };
  pin(version: string): string;
  frame: { title: string; hint: string };
  link: { title: string; hint: string };
  copy: string;
  copied: string;
  copyByHand: string;
}

const en: PageWords = {
  language: 'en',
  name: 'English',
  languages: 'Languages',
  editions: 'Editions',
  description: (newsroom) => `The latest headlines from ${newsroom}, as they come in.`,
  latest: 'To the latest headlines',
  wrongAddress: 'This address is not quite right',
  nothingHere: 'There is nothing at this address',
  notAllowed: 'You may not see this',
  askChief: 'It needs a role that you do not have. A chief of your newsroom can give it to you.',
  withdrawn: 'This report was withdrawn',
  trouble: 'The headlines cannot be read just now',
  tryAgain: 'Please try again in a moment.',
  article: (site) => `Read the article (${site})`,
  history: {
    title: 'History of this report',
    unchanged: 'Nothing has been changed since it was published.',
    kinds: {
      published: 'Published',
      refile: 'Typo fixed',
      update: 'Update',
      clarification: 'Clarification',
      correction: 'Correction',
    },
    fields: {
      headline: 'Headline',
      url: 'Article',
      label: 'Label',
      tags: 'Tags',
      section: 'Section',
      summary: 'Summary',
      byline: 'By',
      dateline: 'Place',
      sources: 'Sources',
    },
    was: 'Before:',
    is: 'After:',
  },
  embedLink: 'Put this ticker on your site',
  embedLead: (newsroom) =>
    `Live headlines from ${newsroom} on your pages: no cookies, no tracking, every correction included.`,
  show: 'What it shows',
  edition: 'Edition',
  tag: 'Tag',
  section: 'Section',
  allSections: 'All sections',
  tagHint: 'One tag or one section. Leave both for all headlines.',
  look: 'How it looks',
  layout: 'Layout',
  layouts: { list: 'List', headline: 'One headline at a time', crawl: 'Moving line' },
  theme: 'Colours',
  themes: { page: 'Like the page', auto: 'Like the reader’s device', light: 'Light', dark: 'Dark' },
  rows: 'Headlines',
  heading: 'Heading',
  ownColours: 'My own colours',
  coloursHint: 'With the script only.',
  paper: 'Background',
  ink: 'Text',
  lowContrast: 'Hard to read: the contrast is {}, and 4.5 is the least.',
  update: 'Update',
  preview: 'Preview',
  script: { title: 'Script', hint: 'The best choice for your own pages: it takes their typeface and grows with them.' },
  pin: (version) => `Keep to version ${version}, checked by its hash (SRI)`,
  frame: { title: 'Frame', hint: 'For pages that allow no foreign scripts. It shows headlines without any, too.' },
  link: {
    title: 'Link',
    hint: 'For WordPress and whatever else turns links into embeds (oEmbed): paste it on a line of its own.',
  },
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Selected. Copy it with Ctrl+C or ⌘C.',
};

const uk: PageWords = {
  language: 'uk',
  name: 'Українська',
  languages: 'Мови',
  editions: 'Мовні версії',
  description: (newsroom) => `Останні новини від «${newsroom}» — щойно вони з’являються.`,
  latest: 'До останніх новин',
  wrongAddress: 'В адресі помилка',
  nothingHere: 'За цією адресою нічого немає',
  notAllowed: 'Вам цього бачити не можна',
  askChief: 'Для цього потрібна роль, якої ви не маєте. Її може надати шеф-редактор вашої редакції.',
  withdrawn: 'Цю новину знято з публікації',
  trouble: 'Зараз новини недоступні',
  tryAgain: 'Спробуйте ще раз за хвилину.',
  article: (site) => `Читати статтю (${site})`,
  history: {
    title: 'Історія цієї новини',
    unchanged: 'Після публікації нічого не змінювали.',
    kinds: {
      published: 'Опубліковано',
      refile: 'Виправлено описку',
      update: 'Оновлення',
      clarification: 'Уточнення',
      correction: 'Виправлення',
    },
    fields: {
      headline: 'Заголовок',
      url: 'Стаття',
      label: 'Позначка',
      tags: 'Теги',
      section: 'Рубрика',
      summary: 'Коротко',
      byline: 'Автор',
      dateline: 'Місце',
      sources: 'Джерела',
    },
    was: 'Було:',
    is: 'Стало:',
  },
  embedLink: 'Додати цю стрічку на свій сайт',
  embedLead: (newsroom) =>
    `Новини від «${newsroom}» наживо на ваших сторінках: без cookie та стеження, з усіма виправленнями.`,
  show: 'Що показувати',
  edition: 'Мовна версія',
  tag: 'Тег',
  section: 'Рубрика',
  allSections: 'Усі рубрики',
  tagHint: 'Один тег або одна рубрика. Нічого — усі новини.',
  look: 'Як це виглядає',
  layout: 'Подання',
  layouts: { list: 'Список', headline: 'По одній новині', crawl: 'Біжучий рядок' },
  theme: 'Кольори',
  themes: { page: 'Як на сторінці', auto: 'Як на пристрої читача', light: 'Світлі', dark: 'Темні' },
  rows: 'Кількість новин',
  heading: 'Заголовок',
  ownColours: 'Власні кольори',
  coloursHint: 'Лише зі скриптом.',
  paper: 'Тло',
  ink: 'Текст',
  lowContrast: 'Важко читати: контраст {}, а потрібно щонайменше 4,5.',
  update: 'Оновити',
  preview: 'Попередній перегляд',
  script: { title: 'Скрипт', hint: 'Найкраще для власних сторінок: стрічка бере їхній шрифт і росте разом із ними.' },
  pin: (version) => `Закріпити версію ${version} з перевіркою за гешем (SRI)`,
  frame: {
    title: 'Фрейм',
    hint: 'Для сторінок, що не дозволяють чужих скриптів. Показує новини й зовсім без скриптів.',
  },
  link: {
    title: 'Посилання',
    hint: 'Для WordPress та інших систем, що вміють oEmbed: вставте його окремим рядком.',
  },
  copy: 'Копіювати',
  copied: 'Скопійовано',
  copyByHand: 'Виділено. Скопіюйте: Ctrl+C або ⌘C.',
};

const ru: PageWords = {
  language: 'ru',
  name: 'Русский',
  languages: 'Языки',
  editions: 'Языковые версии',
  description: (newsroom) => `Последние новости от «${newsroom}» — сразу, как они появляются.`,
  latest: 'К последним новостям',
  wrongAddress: 'В адресе ошибка',
  nothingHere: 'По этому адресу ничего нет',
  notAllowed: 'Вам этого видеть нельзя',
  askChief: 'Для этого нужна роль, которой у вас нет. Её может дать шеф-редактор вашей редакции.',
  withdrawn: 'Эта новость снята с публикации',
  trouble: 'Сейчас новости недоступны',
  tryAgain: 'Попробуйте ещё раз через минуту.',
  article: (site) => `Читать статью (${site})`,
  history: {
    title: 'История этой новости',
    unchanged: 'После публикации ничего не меняли.',
    kinds: {
      published: 'Опубликовано',
      refile: 'Исправлена опечатка',
      update: 'Обновление',
      clarification: 'Уточнение',
      correction: 'Исправление',
    },
    fields: {
      headline: 'Заголовок',
      url: 'Статья',
      label: 'Пометка',
      tags: 'Теги',
      section: 'Рубрика',
      summary: 'Кратко',
      byline: 'Автор',
      dateline: 'Место',
      sources: 'Источники',
    },
    was: 'Было:',
    is: 'Стало:',
  },
  embedLink: 'Добавить эту ленту на свой сайт',
  embedLead: (newsroom) =>
    `Новости от «${newsroom}» в прямом эфире на ваших страницах: без cookie и слежки, со всеми исправлениями.`,
  show: 'Что показывать',
  edition: 'Языковая версия',
  tag: 'Тег',
  section: 'Рубрика',
  allSections: 'Все рубрики',
  tagHint: 'Один тег или одна рубрика. Ничего — все новости.',
  look: 'Как это выглядит',
  layout: 'Вид',
  layouts: { list: 'Список', headline: 'По одной новости', crawl: 'Бегущая строка' },
  theme: 'Цвета',
  themes: { page: 'Как на странице', auto: 'Как на устройстве читателя', light: 'Светлые', dark: 'Тёмные' },
  rows: 'Количество новостей',
  heading: 'Заголовок',
  ownColours: 'Свои цвета',
  coloursHint: 'Только со скриптом.',
  paper: 'Фон',
  ink: 'Текст',
  lowContrast: 'Трудно читать: контраст {}, а нужно не меньше 4,5.',
  update: 'Обновить',
  preview: 'Предпросмотр',
  script: { title: 'Скрипт', hint: 'Лучше всего для своих страниц: лента берёт их шрифт и растёт вместе с ними.' },
  pin: (version) => `Закрепить версию ${version} с проверкой по хешу (SRI)`,
  frame: { title: 'Фрейм', hint: 'Для страниц, где нельзя чужие скрипты. Показывает новости и совсем без скриптов.' },
  link: {
    title: 'Ссылка',
    hint: 'Для WordPress и других систем, которые понимают oEmbed: вставьте её отдельной строкой.',
  },
  copy: 'Копировать',
  copied: 'Скопировано',
  copyByHand: 'Выделено. Скопируйте: Ctrl+C или ⌘C.',
};

/** In the order in which pages offer them. */
export const PAGE_WORDS: readonly PageWords[] = [uk, ru, en];

/** As the ticker's words are chosen, so that a page speaks one language. */
export function pageWordsFor(language: string): PageWords {
  const { language: chosen } = wordsFor(language);
  return PAGE_WORDS.find((words) => words.language === chosen) ?? en;
}
