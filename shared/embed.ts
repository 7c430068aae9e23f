import { type Colour, isDark, mix } from './colours.ts';
import { wordsFor } from './words.ts';

export const LAYOUTS = ['list', 'headline', 'crawl'] as const;
export const THEMES = ['light', 'dark', 'auto'] as const;

/** What an embedder chooses; what is absent is as the ticker does it by itself. */
export interface Embed {
  edition: string;
  tag?: string | undefined;
  section?: string | undefined;
  layout?: (typeof LAYOUTS)[number] | undefined;
  theme?: (typeof THEMES)[number] | undefined;
  rows?: number | undefined;
  heading?: string | undefined;
}

export interface Colours {
  paper: Colour;
  ink: Colour;
}

/** A script as a page names it: the newest one, or one that is held to its hash. */
export interface Script {
  file: string;
  integrity?: string | undefined;
}

const LINE = 72;
/** A list longer than this scrolls within its frame. */
const TALLEST = 640;
const AROUND_ROWS = 100;
/** Two lines of headline, as they are on a phone. */
const ROW = 72;

/** The embed as HTML attributes of `<motograph-ticker>`. */
export function attributesOf(embed: Embed): Record<string, string | undefined> {
  const { edition, tag, section, layout, theme, rows, heading } = embed;
  return { edition, tag, section, layout, theme, rows: rows === undefined ? undefined : String(rows), heading };
}

/** The path of its iframe page. */
export function framePath(embed: Embed): string {
  const { edition, ...choices } = attributesOf(embed);
  const given = Object.entries(choices).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `/embed/${edition}${query && `?${query}`}`;
}

/** How high a frame is that nobody can make fit. */
export function frameHeight({ layout = 'list', rows = 10 }: Embed): number {
  return layout === 'list' ? Math.min(TALLEST, AROUND_ROWS + rows * ROW) : LINE;
}

/** What the element will take once its script runs: kept free before that, so that nothing below it moves. */
function boxHeight({ layout = 'list', rows = 10 }: Embed): string {
  if (layout === 'list') return `${7.5 + 4.25 * rows}rem`;
  return layout === 'headline' ? '12rem' : '3.4rem';
}

/** What an embed is called where no ticker says it: in a link, by a screen reader at a frame, in a window's title. */
export function titleOf(newsroom: string, language: string, { heading }: Embed): string {
  return `${heading || wordsFor(language).recentNews} · ${newsroom}`;
}

/** All that snippets are made of. */
export interface Pasted {
  /** Where readers find the service, without a slash at its end. */
  home: string;
  title: string;
  embed: Embed;
}

/** The script, the element, and for readers without scripts a link. */
export function scriptMarkup({ home, title, embed }: Pasted, script: Script, colours: Colours | undefined): string {
  const theme = colours && (isDark(colours.paper) ? 'dark' : 'light');
  const paint = colours ? stylesOf(colours).map(([name, value]) => `${name}:${value}`) : [];
  const style = ['display:block', `height:${boxHeight(embed)}`, ...paint].join(';');
  const element = { ...attributesOf(embed), ...(theme && { theme }), style };
  return [
    `${tag('script', { type: 'module', src: `${home}/${script.file}`, integrity: script.integrity })}</script>`,
    `${tag('motograph-ticker', element)}</motograph-ticker>`,
    `<noscript>${linkMarkup(`${home}/${embed.edition}`, title)}</noscript>`,
  ].join('\n');
}

/** @param height where it is not to be as high as it likes */
export function frameMarkup({ home, title, embed }: Pasted, width = '100%', height = frameHeight(embed)): string {
  const src = `${home}${framePath(embed)}`;
  // WordPress lets `frameborder` pass and no style; a host's policy may forbid one too.
  return `${tag('iframe', { src, title, width, height: `${height}`, frameborder: '0', loading: 'lazy' })}</iframe>`;
}

/** An address that oEmbed knows: the edition's page, or that of the frame when there is more to say. */
export function pastedLink({ home, embed }: Pasted): string {
  const framed = framePath(embed);
  return framed.includes('?') ? `${home}${framed}` : `${home}/${embed.edition}`;
}

export function linkMarkup(href: string, text: string): string {
  return `${tag('a', { href })}${escaped(text)}</a>`;
}

/** The custom properties that two colours stand for: what is between ink and paper is mixed of them. */
export function stylesOf({ paper, ink }: Colours): [name: string, value: Colour][] {
  return [
    ['--motograph-paper', paper],
    ['--motograph-ink', ink],
    ['--motograph-muted', mutedOf({ paper, ink })],
    ['--motograph-hairline', mix(ink, paper, 0.16)],
  ];
}

/** Of the times and notes: the faintest text there is. */
export function mutedOf({ paper, ink }: Colours): Colour {
  return mix(ink, paper, 0.72);
}

function tag(name: string, attributes: Record<string, string | undefined>): string {
  const given = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `<${name}${given.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
