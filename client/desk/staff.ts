import { fillIn } from '../../shared/sentence.ts';
import { mark, say } from './complain.ts';
import { openDialog } from './dialog.ts';
import { onSubmit, text } from './form.ts';
import { refresh } from './fresh.ts';
import { chooseGrants, type Grant, grantsIn } from './grants.ts';
import { type Once, showOnce } from './once.ts';
import { find, page } from './page.ts';
import { post } from './post.ts';

export function startStaff(): void {
  const invite = find<HTMLDialogElement>('#invite');
  const form = find<HTMLFormElement>('form', invite);
  onSubmit(form, async (fields) => {
    const [name, grants] = [text(fields, 'name'), grantsIn(form)];
    if (grants.length === 0) return void mark(form, 'grants');
    const made = await post<Once>('/v1/staff/invite', { name, grants });
    invite.close();
    await refresh();
    showOnce('link', name, made);
  });
  startGrants();
}

/** One dialog for everybody: it opens for the one whose button was pressed. */
function startGrants(): void {
  const dialog = find<HTMLDialogElement>('#grant');
  const form = find<HTMLFormElement>('form', dialog);
  let to = '';
  let kept: Grant[] = [];
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('.grant-roles') : null;
    if (!button) return;
    to = button.dataset.to ?? '';
    find('h2', dialog).textContent = fillIn(dialog.dataset.title ?? '', { name: button.dataset.about ?? '' });
    kept = chooseGrants(form, JSON.parse(button.dataset.grants ?? '[]'));
    openDialog('grant');
  });
  onSubmit(form, async () => {
    await post(to, { grants: [...kept, ...grantsIn(form)] });
    dialog.close();
    await refresh();
    say(page.dataset.granted ?? '');
  });
}
