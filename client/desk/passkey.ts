import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type { PasskeyTrouble } from './page.ts';
import { Refused, send } from './send.ts';

/** The browser or the person refused. */
export class Trouble extends Error {
  readonly why: PasskeyTrouble;

  constructor(why: PasskeyTrouble, cause: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

interface Ceremony<Options> {
  ceremony: string;
  options: Options;
}

export interface MadePasskey {
  ceremony: string;
  response: RegistrationResponseJSON;
}

/** @param autofill among what the browser offers in the name field, until another prompt takes its place */
export async function signInByPasskey({ autofill = false } = {}): Promise<{ name: string }> {
  const { ceremony, options } =
    await send<Ceremony<PublicKeyCredentialRequestOptionsJSON>>('/v1/sign-in/passkey/options');
  const response = await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill }).catch(tell);
  return send<{ name: string }>('/v1/sign-in/passkey', { ceremony, response }).catch((error: unknown) => {
    const unknown = error instanceof Refused && error.kind === 'wrong-proof';
    throw unknown ? new Refused('wrong-passkey') : error;
  });
}

/** @param begun what the server wants to be made */
export async function makePasskey({
  ceremony,
  options,
}: Ceremony<PublicKeyCredentialCreationOptionsJSON>): Promise<MadePasskey> {
  return { ceremony, response: await startRegistration({ optionsJSON: options }).catch(tell) };
}

function tell(error: unknown): never {
  const { name, code } = error as { name?: string; code?: string };
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') throw new Trouble('known', error);
  if (name === 'NotAllowedError' || name === 'AbortError' || code === 'ERROR_CEREMONY_ABORTED')
    throw new Trouble('cancelled', error);
  if (name === 'ConstraintError' || name === 'NotSupportedError') throw new Trouble('unsupported', error);
  throw new Trouble('failed', error);
}
