/** What the server put into the page for its scripts. */
export const page = document.querySelector('main') as HTMLElement;

interface Words {
  live: string;
  connecting: string;
  reconnecting: string;
  signedOut: string;
  passkey: Record<PasskeyTrouble, string>;
  problems: Partial<Record<string, string>> & { other: string };
}

/** Why a passkey did nothing, as far as it is nobody's refusal. */
export type PasskeyTrouble = 'cancelled' | 'unsupported' | 'known' | 'failed';

export const words: Words = JSON.parse(page.dataset.words ?? '{}');

export function find<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
