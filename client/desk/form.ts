import { clear, complain, mark } from './complain.ts';

const busy = new WeakSet<HTMLElement>();

/** Does it unless it is being done: a second press is not a second wish. What went wrong is said in `within`. */
export async function attempt(within: HTMLElement, work: () => Promise<void>): Promise<void> {
  if (busy.has(within)) return;
  busy.add(within);
  within.setAttribute('aria-busy', 'true');
  clear(within);
  try {
    await work();
  } catch (error) {
    complain(error, within);
  } finally {
    busy.delete(within);
    within.removeAttribute('aria-busy');
  }
}

/** Sends a form by script, once each of its fields holds what may be sent. */
export function onSubmit(form: HTMLFormElement, work: (fields: FormData) => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(form, async () => {
      if (isFilled(form)) await work(new FormData(form));
    });
  });
}

/** The browser's own bubbles speak the browser's language, not that of the page. @param part of the form, when not all of it */
export function isFilled(form: HTMLFormElement, part: HTMLElement = form): boolean {
  const wrong = [...part.querySelectorAll('input')].filter(({ validity }) => !validity.valid);
  for (const { name } of wrong) mark(form, name);
  wrong[0]?.focus();
  return wrong.length === 0;
}

export function text(fields: FormData, name: string): string {
  return String(fields.get(name) ?? '');
}
