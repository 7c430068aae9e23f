import { page } from './page.ts';

/** Not to be come back to with the browser's button. */
export function goOn(): void {
  location.replace(page.dataset.next ?? '/desk');
}

/** To the newsroom's provider of single sign-on. */
export function goTo(address: string): void {
  if (/^https?:/.test(address)) location.assign(address);
}
