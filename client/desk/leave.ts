import { page, words } from './page.ts';

/**
 * Out of the newsroom's side. What was on the screen goes at once, so that nothing of it stays while the next page loads,
 * where that never comes, or when somebody goes back.
 */
export function leave(why: 'ended' | 'signed-out'): void {
  const address = new URL(page.dataset.signIn ?? '/', location.href);
  if (why === 'ended') {
    address.searchParams.set('ended', '');
    address.searchParams.set('next', `${location.pathname}${location.search}`);
  }
  const link = document.createElement('a');
  link.href = address.href;
  link.textContent = words.signedOut;
  const main = document.createElement('main');
  main.className = 'outside';
  main.append(link);
  document.body.replaceChildren(main);
  location.replace(address);
}
