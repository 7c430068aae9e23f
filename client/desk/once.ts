import { clockFor } from '../../shared/clock.ts';
import { fillIn } from '../../shared/sentence.ts';
import { makeCopiable } from '../page/copy.ts';
import { openDialog } from './dialog.ts';
import { find, page } from './page.ts';

/** What an answer holds that nobody can read again: a link or a key. */
export interface Once {
  link?: string;
  key?: string;
  endsAt?: string;
}

/** Shows it, ready to be taken away; closed, the page has forgotten it. */
export function showOnce(id: string, name: string, { link, key, endsAt }: Once): void {
  const dialog = openDialog(id);
  const { title = '', hint = '' } = dialog.dataset;
  const at = endsAt === undefined ? '' : timeOf(endsAt);
  find('h2', dialog).textContent = fillIn(title, { name });
  find('.hint', dialog).textContent = fillIn(hint, { name, at });
  const text = find<HTMLTextAreaElement>('textarea', dialog);
  text.value = link ?? key ?? '';
  makeCopiable(find('.taken', dialog));
  text.focus();
  dialog.addEventListener(
    'close',
    () => {
      text.value = '';
    },
    { once: true },
  );
}

function timeOf(at: string): string {
  const { time, date } = clockFor(page.dataset.locale ?? '', page.dataset.zone ?? 'UTC').moment(at, Date.now());
  return date === undefined ? time : `${date}, ${time}`;
}
