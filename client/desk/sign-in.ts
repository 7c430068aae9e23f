import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { attempt, onSubmit } from './form.ts';
import { goOn } from './go.ts';
import { find, page } from './page.ts';
import { endOffer, signInByPasskey } from './passkey.ts';
import { passwordAndCode } from './prove.ts';
import { send } from './send.ts';

export function startSignIn(): void {
  const form = find<HTMLFormElement>('.by-password');
  onSubmit(form, async () => {
    await send('/v1/sign-in/password', passwordAndCode(form));
    goOn();
  });
  offerPasskeys(() =>
    attempt(page, async () => {
      endOffer();
      await signInByPasskey();
      goOn();
    }),
  );
  offerInNameField();
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

/** Where the browser can, it offers passkeys among what it fills the name in with. Nothing is said when it comes to nothing. */
async function offerInNameField(): Promise<void> {
  if (!page.querySelector('.passkey') || !(await browserSupportsWebAuthnAutofill())) return;
  await signInByPasskey({ autofill: true }).then(goOn, () => {});
}
