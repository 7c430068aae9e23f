import { clear } from './complain.ts';
import { find } from './page.ts';

/** Any button of a dialog that says so closes it; closed, it holds nothing of what was typed or shown. */
export function startDialogs(): void {
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('[data-close]')) dialog.close();
    });
    dialog.addEventListener('close', () => {
      for (const form of dialog.querySelectorAll('form')) form.reset();
      clear(dialog);
    });
  }
  document.addEventListener('click', ({ target }) => {
    const opener = target instanceof Element ? target.closest<HTMLElement>('[data-open]') : null;
    if (opener) openDialog(opener.dataset.open ?? '');
  });
}

export function openDialog(id: string): HTMLDialogElement {
  const dialog = find<HTMLDialogElement>(`#${id}`);
  dialog.showModal();
  return dialog;
}

/** Until a dialog is closed, whichever way. */
export function closed(dialog: HTMLDialogElement): Promise<void> {
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(), { once: true });
  });
}
