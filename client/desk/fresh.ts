import { leave } from './leave.ts';
import { find } from './page.ts';

/**
 * Puts the page's list, as the server draws it now, in place of what is shown: what was done is seen to be done. The
 * focus stays with whom it was about, or goes to the heading of what is new.
 */
export async function refresh(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-fresh]');
  // Without a session the answer is the page where one signs in.
  if (!next) return answer.ok ? leave('ended') : undefined;
  const now = find('[data-fresh]');
  const focused = document.activeElement;
  const about = focused instanceof HTMLElement && now.contains(focused) ? focused.dataset.about : undefined;
  now.replaceWith(document.adoptNode(next));
  if (about === undefined && focused?.isConnected) return;
  const same = about === undefined ? null : next.querySelector<HTMLElement>(`[data-about="${CSS.escape(about)}"]`);
  const heading = find('h1');
  heading.tabIndex = -1;
  (same ?? heading).focus();
}
