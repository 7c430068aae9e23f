import { say } from './complain.ts';
import { closed, openDialog } from './dialog.ts';
import { attempt } from './form.ts';
import { refresh } from './fresh.ts';
import { type Once, showOnce } from './once.ts';
import { find, page } from './page.ts';
import { post } from './post.ts';

/** Every button that does one thing says in its markup what that is, and the page is drawn anew after it. */
export function startActs(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-done]') : null;
    if (!button) return;
    if (button.dataset.title === undefined) attempt(page, () => act(button));
    else ask(button);
  });
}

async function act({ dataset }: HTMLButtonElement, sent = () => {}): Promise<void> {
  const { to = '', done = '', once, about = '' } = dataset;
  const answer = await post<Once>(to);
  sent();
  await refresh();
  if (once === undefined) say(done);
  else showOnce(once, about, answer);
}

/** The question stands until the answer is there: what goes wrong is said in it. */
async function ask(button: HTMLButtonElement): Promise<void> {
  const { title = '', what = '', word = '' } = button.dataset;
  const dialog = openDialog('ask');
  find('h2', dialog).textContent = title;
  find('p', dialog).textContent = what;
  find('.danger', dialog).textContent = word;
  const over = new AbortController();
  const answer = (event: Event) => {
    event.preventDefault();
    attempt(dialog, () => act(button, () => dialog.close()));
  };
  find('form', dialog).addEventListener('submit', answer, { signal: over.signal });
  await closed(dialog);
  over.abort();
}
