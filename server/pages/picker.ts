import { type ComponentChildren, h } from 'preact';
import {
  attributesOf,
  type Embed,
  frameHeight,
  frameMarkup,
  framePath,
  LAYOUTS,
  pastedLink,
  scriptMarkup,
  THEMES,
  titleOf,
} from '../../shared/embed.ts';
import { HELD, SHOWN } from '../../shared/rows.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import { documentOf, masthead } from './document.ts';
import { PAGE_WORDS, type PageWords } from './words.ts';

export interface PickerPage {
  newsroom: string;
  editions: readonly EditionInfo[];
  sections: readonly string[];
  words: PageWords;
  /** What the form is filled with, and what the snippets are of. */
  embed: Embed;
  /** Where readers find the service, without a slash at its end. */
  home: string;
  /** The newest script that was released, to be pinned. */
  release: { file: string; version: string; integrity: string } | undefined;
}

/** Whole without scripts too: the form then asks for this page anew. With them, all follows each key. */
export function pickerPage(page: PickerPage): string {
  const { newsroom, words, home, embed } = page;
  return documentOf({
    language: words.language,
    title: `${words.embedLink} · ${newsroom}`,
    scheme: 'light dark',
    styles: ['/page.css', '/picker.css'],
    scripts: ['/ticker.js', '/picker.js'],
    head: [
      h('meta', { name: 'description', content: words.embedLead(newsroom) }),
      h('link', { rel: 'canonical', href: `${home}/embed` }),
    ],
    body: [
      masthead(
        newsroom,
        words.languages,
        PAGE_WORDS.map(({ language, name }) => ({
          href: `/embed?lang=${language}&edition=${embed.edition}`,
          name,
          language,
          current: language === words.language,
        })),
      ),
      h(
        'main',
        null,
        h('h1', null, words.embedLink),
        h('p', { class: 'lead' }, words.embedLead(newsroom)),
        h('div', { class: 'bench' }, form(page), snippets(page), preview(page)),
      ),
    ],
  });
}

function form({ newsroom, editions, sections, words, embed, home, release }: PickerPage) {
  const { language } = editions.find(({ id }) => id === embed.edition) ?? { language: words.language };
  const themes = [['', words.themes.page], ...THEMES.map((theme) => [theme, words.themes[theme]])];
  return h(
    'form',
    { class: 'choices', method: 'get', action: '/embed', 'data-home': home, 'data-newsroom': newsroom },
    h('input', { type: 'hidden', name: 'lang', value: words.language }),
    h(
      'fieldset',
      null,
      h('legend', null, words.show),
      field(
        words.edition,
        select(
          'edition',
          embed.edition,
          editions.map(({ id, name, language }) => [id, name, language]),
        ),
      ),
      field(
        words.tag,
        h('input', { name: 'tag', value: embed.tag, maxlength: 60, autocomplete: 'off', 'aria-describedby': 'one' }),
      ),
      sections.length > 0 &&
        field(
          words.section,
          select(
            'section',
            embed.section ?? '',
            [['', words.allSections], ...sections.map((code) => [code, code])],
            'one',
          ),
        ),
      h('p', { class: 'hint', id: 'one' }, words.tagHint),
    ),
    h(
      'fieldset',
      null,
      h('legend', null, words.look),
      field(
        words.layout,
        select(
          'layout',
          embed.layout ?? '',
          LAYOUTS.map((name, at) => [at ? name : '', words.layouts[name]]),
        ),
      ),
      field(words.theme, select('theme', embed.theme ?? '', themes)),
      field(
        words.rows,
        h('input', { name: 'rows', type: 'number', min: 1, max: HELD, placeholder: String(SHOWN), value: embed.rows }),
      ),
      field(
        words.heading,
        h('input', {
          name: 'heading',
          value: embed.heading,
          maxlength: 120,
          placeholder: wordsFor(language).recentNews,
        }),
      ),
      h(
        'div',
        { class: 'own', hidden: true },
        checkbox('own', words.ownColours, 'own-hint'),
        h('p', { class: 'hint', id: 'own-hint' }, words.coloursHint),
        h(
          'div',
          { class: 'colours', hidden: true },
          field(words.paper, h('input', { type: 'color', name: 'paper', value: '#ffffff' })),
          field(words.ink, h('input', { type: 'color', name: 'ink', value: '#14161a' })),
        ),
        h('output', { class: 'warning', 'data-words': words.lowContrast }),
      ),
    ),
    release &&
      h(
        'div',
        { class: 'pin', hidden: true },
        h(
          'label',
          { class: 'check' },
          h('input', { type: 'checkbox', name: 'pin', value: release.file, 'data-integrity': release.integrity }),
          ' ',
          words.pin(release.version),
        ),
      ),
    h('noscript', null, h('button', { class: 'button' }, words.update)),
  );
}

/** The element itself, and without scripts the frame. */
function preview({ newsroom, editions, words, embed }: PickerPage) {
  const { language } = editions.find(({ id }) => id === embed.edition) ?? { language: words.language };
  const frame = h('iframe', {
    src: framePath(embed),
    title: titleOf(newsroom, language, embed),
    width: '100%',
    height: frameHeight(embed),
  });
  return h(
    'section',
    { class: 'preview', 'aria-labelledby': 'preview' },
    h('h2', { id: 'preview' }, words.preview),
    h('div', { class: 'stage' }, h('motograph-ticker', attributesOf(embed), h('noscript', null, frame))),
  );
}

function snippets({ newsroom, editions, words, embed, home }: PickerPage) {
  const { language } = editions.find(({ id }) => id === embed.edition) ?? { language: words.language };
  const pasted = { home, title: titleOf(newsroom, language, embed), embed };
  return h(
    'div',
    { class: 'snippets' },
    snippet('script', words.script, scriptMarkup(pasted, { file: 'ticker.js' }, undefined)),
    snippet('frame', words.frame, frameMarkup(pasted)),
    snippet('link', words.link, pastedLink(pasted)),
  );

  function snippet(name: string, { title, hint }: { title: string; hint: string }, code: string) {
    return h(
      'section',
      { class: 'snippet', 'aria-labelledby': name },
      h('h2', { id: name }, title),
      h('p', { class: 'hint' }, hint),
      h('textarea', {
        name,
        class: 'code',
        readonly: true,
        rows: 4,
        spellcheck: false,
        wrap: 'soft',
        'aria-labelledby': name,
        value: code,
      }),
      h(
        'p',
        { class: 'taking' },
        h(
          'button',
          {
            type: 'button',
            class: 'button copy',
            hidden: true,
            'aria-describedby': name,
            'data-copied': words.copied,
            'data-by-hand': words.copyByHand,
          },
          words.copy,
        ),
        ' ',
        h('output', { class: 'said' }),
      ),
    );
  }
}

function field(label: string, control: ComponentChildren) {
  return h('label', { class: 'field' }, h('span', null, label), ' ', control);
}

function checkbox(name: string, label: string, hint: string) {
  return h('label', { class: 'check' }, h('input', { type: 'checkbox', name, 'aria-describedby': hint }), ' ', label);
}

function select(name: string, chosen: string, options: (string | undefined)[][], hint?: string) {
  return h(
    'select',
    { name, 'aria-describedby': hint },
    options.map(([value, text, lang]) => h('option', { value, lang, selected: value === chosen }, text)),
  );
}
