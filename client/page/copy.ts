/** Long enough to be read; gone before the next one, since what stays the same is not said again. */
const SAID_MS = 4_000;

/** Gives a card its button: one press, and what its text area holds is on the clipboard. */
export function makeCopiable(card: HTMLElement): void {
  const [button, code, said] = ['button', 'textarea', 'output'].map((name) => card.querySelector(name));
  if (!(button instanceof HTMLButtonElement) || !(code instanceof HTMLTextAreaElement) || !said) return;
  let silence = 0;
  button.hidden = false;
  code.onfocus = () => code.select();
  button.onclick = async () => {
    const done = await navigator.clipboard?.writeText(code.value).then(
      () => true,
      () => false,
    );
    // Only a secure page may write to the clipboard; any may select.
    if (!done) code.focus();
    clearTimeout(silence);
    said.textContent = (done ? button.dataset.copied : button.dataset.byHand) ?? '';
    silence = setTimeout(() => {
      said.textContent = '';
    }, SAID_MS);
  };
}
