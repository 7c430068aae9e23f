import { leave } from './leave.ts';
import { find } from './page.ts';

/**
 * Puts the page's list, as the server draws it now, in place of what is shown: what was done is seen to be done. The
 * focus stays with whom it was about, or goes to the heading of what is new.
 */
export async function refresh(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => undefined);
  // What was done is done, though it cannot be shown just now.
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-fresh]');
  // Without a session the answer is the page where one signs in.
  if (!fresh) return leave('ended');
  const shown = find('[data-fresh]');
  const focused = document.activeElement;
  const about = focused instanceof HTMLElement && shown.contains(focused) ? focused.dataset : {};
  shown.replaceWith(document.adoptNode(fresh));
  if (focused === document.body || !focused?.isConnected) focusOn(fresh, about);
}

/** The same button, another one of the same row, or the top of the page. */
function focusOn(fresh: Element, { to, about }: DOMStringMap): void {
  const heading = find('h1');
  heading.tabIndex = -1;
  const by = (name: string, value = '') => fresh.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(value)}"]`);
  (by('to', to) ?? by('about', about) ?? heading).focus();
}
