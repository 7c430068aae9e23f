import { Cancelled } from './complain.ts';
import { closed, openDialog } from './dialog.ts';
import { attempt, isFilled, text } from './form.ts';
import { codeIn } from './new-password.ts';
import { page } from './page.ts';
import { signInByPasskey } from './passkey.ts';
import { send } from './send.ts';

/** Resolves once the same person has signed in again. @throws Cancelled */
export async function prove(): Promise<void> {
  const dialog = openDialog('prove');
  const over = new AbortController();
  let proven = false;
  const by = async (signIn: () => Promise<{ name: string }>) => {
    const { name } = await signIn();
    // Somebody else came in, so this is their newsroom now: what was asked for is not theirs.
    if (name !== page.dataset.me) return location.reload();
    proven = true;
    dialog.close();
  };
  const { signal } = over;
  dialog
    .querySelector('.by-passkey')
    ?.addEventListener('click', () => attempt(dialog, () => by(() => signInByPasskey())), { signal });
  const form = dialog.querySelector('form');
  form?.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      attempt(dialog, async () => {
        if (isFilled(form)) await by(() => send('/v1/sign-in/password', passwordAndCode(form)));
      });
    },
    { signal },
  );
  await closed(dialog);
  over.abort();
  if (!proven) throw new Cancelled();
}

export function passwordAndCode(form: HTMLFormElement): Record<'name' | 'password' | 'code', string> {
  const fields = new FormData(form);
  return { name: text(fields, 'name'), password: text(fields, 'password'), code: codeIn(fields) };
}
