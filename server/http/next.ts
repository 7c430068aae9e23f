const HOME = '/desk';

/**
 * Where to go after signing in: a page of the newsroom's side, and nowhere else, whatever the address says that somebody
 * was sent here by.
 */
export function nextOf(given: unknown): string {
  const url = typeof given === 'string' && given.startsWith('/') ? URL.parse(given, 'http://desk.invalid') : null;
  if (url?.host !== 'desk.invalid' || !/^\/desk(?:\/|$)/.test(url.pathname)) return HOME;
  return `${url.pathname}${url.search}`;
}
