import { fillIn } from '../../shared/sentence.ts';
import { find, page, words } from './page.ts';
import { Trouble } from './passkey.ts';
import { Refused } from './send.ts';

/** Somebody changed their mind: nothing is to be said. */
export class Cancelled extends Error {}

/** What is wrong, in the reader's language: beside the field that it is about, else in the line of `within`. */
export function complain(error: unknown, within: HTMLElement): void {
  if (error instanceof Cancelled) return;
  const refused = error instanceof Refused ? error : undefined;
  const marked = refused?.errors.filter(({ field }) => field.split('.').some((name) => mark(within, name, refused)));
  if (!marked?.length) find('.wrong[role=alert]', within).textContent = inWords(error);
  within.querySelector<HTMLElement>('[aria-invalid]')?.focus();
}

/** What was wrong before is not wrong until it is tried again. */
export function clear(within: HTMLElement): void {
  for (const said of within.querySelectorAll('.wrong, .said')) said.textContent = '';
  for (const input of within.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

/** What the page did. */
export function say(text: string): void {
  find('.said', page).textContent = text;
}

/** Whether there is such a field. */
export function mark(within: HTMLElement, name: string, refused?: Refused): boolean {
  const field = within.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
  if (!field) return false;
  const input = field.matches('fieldset') ? field : field.querySelector('input, select');
  input?.setAttribute('aria-invalid', 'true');
  const taken = refused?.kind === 'name-taken' ? words.problems['name-taken'] : undefined;
  find('.wrong', field).textContent = taken ?? field.dataset.wrong ?? '';
  return true;
}

function inWords(error: unknown): string {
  if (error instanceof Trouble) return words.passkey[error.why];
  if (!(error instanceof Refused)) {
    console.error(error);
    return words.problems.other;
  }
  const { kind, retryAfter } = error;
  return fillIn(words.problems[kind] ?? words.problems.other, { wait: waitOf(Number(retryAfter)) });
}

/** "15 minutes" */
function waitOf(seconds: number): string {
  const [amount, unit] = seconds > 90 ? [Math.ceil(seconds / 60), 'minute'] : [seconds, 'second'];
  const format = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(document.documentElement.lang, format).format(amount);
}
