import { contrast } from '../../shared/colours.ts';
import {
  attributesOf,
  type Colours,
  type Embed,
  frameMarkup,
  mutedOf,
  type Pasted,
  pastedLink,
  type Script,
  scriptMarkup,
  stylesOf,
  titleOf,
} from '../../shared/embed.ts';
import { wordsFor } from '../../shared/words.ts';
import { makeCopiable } from './copy.ts';

/** As WCAG has it for text. */
const LEAST_CONTRAST = 4.5;

const find = <T extends Element = HTMLElement>(selector: string) => document.querySelector(selector) as T;
const form = find<HTMLFormElement>('.choices');
const input = (name: string) => form.elements.namedItem(name) as HTMLInputElement | null;
const value = (name: string) => input(name)?.value.trim() || undefined;

for (const part of document.querySelectorAll<HTMLElement>('.own, .pin')) part.hidden = false;
for (const card of document.querySelectorAll<HTMLElement>('.snippet')) makeCopiable(card);

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', ({ target }) => {
  chooseOne(target as HTMLInputElement);
  write();
});
// Not with each key: another tag is another connection.
form.addEventListener('change', show);
write();
show();

/** A tag or a section, never both. */
function chooseOne({ name }: HTMLInputElement): void {
  const other = { tag: 'section', section: 'tag' }[name];
  const left = other === undefined ? null : input(other);
  if (left && value(name)) left.value = '';
}

function write(): void {
  const pasted = chosen();
  find<HTMLTextAreaElement>('[name=script]').value = scriptMarkup(pasted, script(), colours());
  find<HTMLTextAreaElement>('[name=frame]').value = frameMarkup(pasted);
  find<HTMLTextAreaElement>('[name=link]').value = pastedLink(pasted);
  warn();
}

function show(): void {
  const ticker = find('motograph-ticker');
  const { embed } = chosen();
  for (const [name, wanted] of Object.entries(attributesOf(embed)))
    if (wanted === undefined) ticker.removeAttribute(name);
    else if (wanted !== ticker.getAttribute(name)) ticker.setAttribute(name, wanted);
  const own = colours();
  for (const [name] of stylesOf({ paper: '#ffffff', ink: '#000000' })) ticker.style.removeProperty(name);
  for (const [name, wanted] of own ? stylesOf(own) : []) ticker.style.setProperty(name, wanted);
}

function warn(): void {
  const own = colours();
  find('.colours').hidden = !own;
  const least = own ? Math.min(contrast(own.ink, own.paper), contrast(mutedOf(own), own.paper)) : LEAST_CONTRAST;
  const warning = find('.warning');
  const told = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(least);
  warning.textContent = least < LEAST_CONTRAST ? (warning.dataset.words ?? '').replace('{}', told) : '';
}

function chosen(): Pasted {
  const edition = form.elements.namedItem('edition') as HTMLSelectElement;
  const language = edition.selectedOptions[0]?.lang ?? '';
  const rows = input('rows');
  const embed: Embed = {
    edition: edition.value,
    tag: value('tag'),
    section: value('section'),
    layout: value('layout') as Embed['layout'],
    theme: value('theme') as Embed['theme'],
    rows: rows?.value && rows.validity.valid ? rows.valueAsNumber : undefined,
    heading: value('heading'),
  };
  input('heading')?.setAttribute('placeholder', wordsFor(language).recentNews);
  const { home = '', newsroom = '' } = form.dataset;
  return { home, title: titleOf(newsroom, language, embed), embed };
}

function script(): Script {
  const pin = input('pin');
  return pin?.checked ? { file: pin.value, integrity: pin.dataset.integrity } : { file: 'ticker.js' };
}

function colours(): Colours | undefined {
  const [paper, ink] = [value('paper'), value('ink')];
  return input('own')?.checked && paper && ink ? { paper, ink } : undefined;
}
