import { mark } from './complain.ts';
import { onSubmit, text } from './form.ts';
import { refresh } from './fresh.ts';
import { type Once, showOnce } from './once.ts';
import { find } from './page.ts';
import { post } from './post.ts';

export function startKeys(): void {
  const dialog = find<HTMLDialogElement>('#add');
  const form = find<HTMLFormElement>('form', dialog);
  onSubmit(form, async (fields) => {
    const name = text(fields, 'name');
    const editions = fields.getAll('editions');
    if (editions.length === 0) return void mark(form, 'editions');
    const made = await post<Once>('/v1/keys', { name, role: text(fields, 'role'), editions });
    dialog.close();
    await refresh();
    showOnce('key', name, made);
  });
}
