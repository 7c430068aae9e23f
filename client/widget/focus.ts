/**
 * Focus moves when a reader moves it. Where a drawing takes away what had it, such as the link of a row that was
 * killed, it stays on the row; where that is gone too, such as a button that did its work, on the list.
 */
export function keepFocus(root: ShadowRoot, change: () => void): void {
  const focused = root.activeElement;
  const row = focused?.closest<HTMLElement>('.row');
  change();
  if (!focused || root.activeElement) return;
  const heir = row?.isConnected ? row : root.querySelector<HTMLElement>('.view');
  if (!heir) return;
  if (heir === row) {
    heir.tabIndex = -1;
    heir.addEventListener('blur', () => heir.removeAttribute('tabindex'), { once: true });
  }
  heir.focus({ preventScroll: true });
}
