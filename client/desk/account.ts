import { say } from './complain.ts';
import { openDialog } from './dialog.ts';
import { attempt, onSubmit, text } from './form.ts';
import { refresh } from './fresh.ts';
import { goTo } from './go.ts';
import { NewPassword } from './new-password.ts';
import { find, page } from './page.ts';
import { makePasskey } from './passkey.ts';
import { post } from './post.ts';

export function startAccount(): void {
  const openPassword = startPassword();
  startNaming('rename', 'name', async () => location.reload());
  startNaming('rename-passkey', 'label', () => done(page.dataset.renamed));
  document.addEventListener('click', ({ target }) => {
    const pressed = (what: string) => target instanceof Element && target.closest(what);
    if (pressed('.add-passkey')) attempt(page, addPasskey);
    if (pressed('.set-password')) attempt(page, openPassword);
    if (pressed('.connect')) attempt(page, connect);
  });
}

async function done(said = ''): Promise<void> {
  await refresh();
  say(said);
}

async function addPasskey(): Promise<void> {
  const passkey = await makePasskey(await post('/v1/me/passkeys/options'));
  await post('/v1/me/passkeys', { ...passkey, label: page.dataset.browser });
  await done(page.dataset.passkeyAdded);
}

async function connect(): Promise<void> {
  goTo((await post<{ location: string }>('/v1/me/sso')).location);
}

function startPassword(): () => Promise<void> {
  const dialog = find<HTMLDialogElement>('#set-password');
  const made = new NewPassword(dialog, () => post('/v1/me/password/options'));
  onSubmit(find<HTMLFormElement>('form', dialog), async (fields) => {
    await made.save(fields, (body) => post('/v1/me/password', body));
    dialog.close();
    await done(page.dataset.passwordSet);
  });
  dialog.addEventListener('close', () => made.forget());
  return async () => {
    await made.begin();
    openDialog('set-password');
  };
}

/** A dialog that gives a new name to what its opener is about. */
function startNaming(id: string, field: 'name' | 'label', named: () => Promise<void>): void {
  const dialog = find<HTMLDialogElement>(`#${id}`);
  let to = '';
  document.addEventListener('click', ({ target }) => {
    const opener = target instanceof Element ? target.closest<HTMLElement>(`[data-open=${id}]`) : null;
    if (!opener) return;
    to = opener.dataset.to ?? '';
    find<HTMLInputElement>('input', dialog).value = opener.dataset.about ?? '';
  });
  onSubmit(find<HTMLFormElement>('form', dialog), async (fields) => {
    await post(to, { [field]: text(fields, field) });
    dialog.close();
    await named();
  });
}
