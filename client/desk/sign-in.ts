import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { complain } from './complain.ts';
import { attempt, onSubmit } from './form.ts';
import { goOn } from './go.ts';
import { find, page } from './page.ts';
import { signInByPasskey } from './passkey.ts';
import { passwordAndCode } from './prove.ts';
import { Refused, send } from './send.ts';

/** Shorter than the server's own. */
const OFFER_MS = 4 * 60_000;

export function startSignIn(): void {
  const form = find<HTMLFormElement>('.by-password');
  onSubmit(form, async () => {
    await send('/v1/sign-in/password', passwordAndCode(form));
    goOn();
  });
  offerPasskeys(() =>
    attempt(page, async () => {
      await signInByPasskey();
      goOn();
    }),
  );
  offerInNameField(form);
}

/** Where the browser has none, it says so and opens the other way. */
export function offerPasskeys(use: () => void): void {
  const passkey = page.querySelector<HTMLElement>('.passkey');
  if (!passkey) return;
  if (browserSupportsWebAuthn()) {
    find('.by-passkey', passkey).addEventListener('click', use);
    return;
  }
  passkey.hidden = true;
  find('.no-passkeys').hidden = false;
  const instead = page.querySelector<HTMLDetailsElement>('.instead');
  if (instead) instead.open = true;
}

/**
 * Where the browser can, it offers passkeys among what it fills the name in with. The server remembers an offer for five
 * minutes, so one is made when the field comes into sight, and anew when somebody comes to it late.
 */
async function offerInNameField(form: HTMLFormElement): Promise<void> {
  const details = form.closest('details');
  if (!details || !(await browserSupportsWebAuthnAutofill())) return;
  let offered = Number.NEGATIVE_INFINITY;
  const offer = () => {
    if (!details.open || performance.now() - offered < OFFER_MS) return;
    offered = performance.now();
    signInByPasskey({ autofill: true }).then(goOn, (error: unknown) => {
      // That nobody took it is no news.
      if (error instanceof Refused) complain(error, page);
    });
  };
  details.addEventListener('toggle', offer);
  form.addEventListener('focusin', offer);
  offer();
}
