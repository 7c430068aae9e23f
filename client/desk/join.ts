import { fillIn } from '../../shared/sentence.ts';
import { complain } from './complain.ts';
import { attempt, isFilled } from './form.ts';
import { goOn, goTo } from './go.ts';
import { NewPassword } from './new-password.ts';
import { find, page } from './page.ts';
import { makePasskey } from './passkey.ts';
import { Refused, send } from './send.ts';
import { offerPasskeys } from './sign-in.ts';

interface Link {
  for: 'first' | 'invitation' | 'recovery';
  name?: string;
  /** Who made it. */
  by?: string;
  grants: { role: string; edition: string }[];
}

/** The token is in the fragment, so no server and no chat that looks ahead has seen it. From here on it is only here. */
let token = '';

export function startJoin(): void {
  token = location.hash.slice(1) || String(history.state ?? '');
  // What the tab remembers outlives a reload, and stands in no address.
  history.replaceState(token, '', `${location.pathname}${location.search}`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) link.hash = token;
  addEventListener('hashchange', () => location.reload());
  const again = find('[data-state=failed]');
  find('.again').addEventListener('click', () => attempt(again, look));
  look();
}

async function look(): Promise<void> {
  if (token === '') return show('none');
  try {
    const link = await send<Link>('/v1/links/look', { token });
    open(link);
  } catch (error) {
    if (error instanceof Refused && error.kind === 'link-over') return show('over');
    show('failed');
    complain(error, find('[data-state=failed]'));
  }
}

function show(state: string): void {
  for (const part of page.querySelectorAll<HTMLElement>('[data-state]')) part.hidden = part.dataset.state !== state;
  find('.ways-in').hidden = !['first', 'invitation', 'recovery'].includes(state);
  page.querySelector<HTMLElement>('[data-state]:not([hidden]) h1')?.focus();
}

function open(link: Link): void {
  const form = find<HTMLFormElement>('.ways-in');
  const name = find<HTMLElement>('[data-field=name]');
  const input = find<HTMLInputElement>('input', name);
  input.value = link.name ?? '';
  find('.for').textContent = link.name ?? '';
  const lead = find('[data-by]');
  if (link.by !== undefined) lead.textContent = fillIn(lead.dataset.by ?? '', { by: link.by });
  // Who comes back has a name. It stays in the form for password managers.
  name.hidden = link.for === 'recovery';
  find('.chips').replaceChildren(...link.grants.map(chip));
  show(link.for);
  if (link.for === 'first') input.focus();
  startWays(form, name, () => ({ token, ...(link.for !== 'recovery' && { name: input.value }) }));
}

type Who = () => { token: string; name?: string };

function startWays(form: HTMLFormElement, name: HTMLElement, who: Who): void {
  const by = (work: () => Promise<void>) =>
    attempt(form, async () => {
      if (isFilled(form, name)) await work();
    });
  const byPasskey = () =>
    by(async () => {
      const passkey = await makePasskey(await send('/v1/links/passkey/options', who()));
      await send('/v1/links/accept', { ...who(), passkey: { ...passkey, label: page.dataset.browser } });
      goOn();
    });
  offerPasskeys(byPasskey);
  form.querySelector('.by-sso')?.addEventListener('click', () =>
    by(async () => {
      goTo((await send<{ location: string }>('/v1/links/sso', who())).location);
    }),
  );
  startPassword(form, name, who, byPasskey);
}

function startPassword(form: HTMLFormElement, name: HTMLElement, who: Who, otherwise: () => void): void {
  const instead = form.querySelector<HTMLDetailsElement>('.instead');
  const made = new NewPassword(form, () => send('/v1/links/password/options', who()));
  const begin = () => {
    const named = find<HTMLInputElement>('input', name).validity.valid;
    if (!made.begun && named && instead?.open !== false) attempt(form, () => made.begin());
  };
  instead?.addEventListener('toggle', begin);
  name.addEventListener('change', begin);
  begin();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (instead?.open === false) return otherwise();
    attempt(form, async () => {
      if (!isFilled(form)) return;
      await made.save(new FormData(form), (password) => send('/v1/links/accept', { ...who(), password }));
      goOn();
    });
  });
}

function chip({ role, edition }: Link['grants'][number]): HTMLElement {
  const item = document.createElement('li');
  const [where, what] = [document.createElement('span'), document.createElement('b')];
  where.textContent = named('editions', edition);
  what.textContent = named('roles', role);
  item.append(where, ' ', what);
  return item;
}

function named(list: 'editions' | 'roles', code: string): string {
  return JSON.parse(page.dataset[list] ?? '{}')[code] ?? code;
}
