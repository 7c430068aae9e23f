import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { COSEALG, decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from '@simplewebauthn/server/helpers';
import * as z from 'zod';
import type { StoredPasskey } from '../desk/account.ts';
import { Label } from '../desk/names.ts';
import { Problem } from '../errors.ts';
import { type Ceremonies, type CeremonyOf, type Grounds, sameGrounds } from './ceremony.ts';
import { type PasskeysOff, type Site, siteOf } from './site.ts';

/** The same on every node and at both halves of a ceremony, whatever the library's own list becomes. */
const ALGORITHMS = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];
const TIMEOUT_MS = 5 * 60_000;

/** A passkey that nobody gave a name. */
const UNNAMED = 'Passkey';

/** What a browser sends of a passkey that was made for us. */
export const MadePasskey = z.strictObject({ ceremony: z.string(), response: z.unknown(), label: Label.optional() });

const binary = z.string().max(16_384);
const credential = { id: binary, rawId: binary, type: z.literal('public-key') };
/** What a browser sends and is looked at; the rest of it is dropped. */
const Registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: binary,
    attestationObject: binary,
    transports: z.array(z.string().max(40)).max(10).default([]),
  }),
});
const Authentication = z.object({
  ...credential,
  response: z.object({ clientDataJSON: binary, authenticatorData: binary, signature: binary, userHandle: binary }),
});
export type Authentication = z.infer<typeof Authentication>;

interface PasskeysParts {
  ceremonies: Ceremonies;
  /** What the newsroom is called, for the device's own words. */
  newsroom: string;
  publicUrl: string | undefined;
}

/** Passkeys (WebAuthn): a device or an account of the person's own, which makes sure of the person as well. */
export class Passkeys {
  readonly #ceremonies: Ceremonies;
  readonly #newsroom: string;
  readonly #publicUrl: string | undefined;

  constructor({ ceremonies, newsroom, publicUrl }: PasskeysParts) {
    this.#ceremonies = ceremonies;
    this.#newsroom = newsroom;
    this.#publicUrl = publicUrl;
  }

  /** Why passkeys cannot be used at this address, or undefined where they can. */
  off(home: string): PasskeysOff | undefined {
    const site = siteOf(home, this.#publicUrl);
    return 'reason' in site ? site : undefined;
  }

  /**
   * Begins the making of a passkey.
   *
   * @param whose the account that it is for, and what it has already
   * @throws Problem `passkeys-off`
   */
  async newOptions(
    whose: { staff: string; name: string; passkeys: readonly StoredPasskey[] },
    grounds: Grounds,
    home: string,
  ): Promise<{ ceremony: string; options: PublicKeyCredentialCreationOptionsJSON }> {
    const { origin, rpId } = this.#site(home);
    const options = await generateRegistrationOptions({
      rpName: this.#newsroom,
      rpID: rpId,
      userID: new TextEncoder().encode(whose.staff),
      userName: whose.name,
      userDisplayName: whose.name,
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: whose.passkeys.map(({ id, transports }) => ({ id, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    const { challenge } = options;
    const ceremony = await this.#ceremonies.begin({ kind: 'new-passkey', challenge, origin, rpId, grounds });
    return { ceremony, options };
  }

  /**
   * The passkey that was made. The ceremony is used up, whatever comes of it.
   *
   * @param grounds what the passkey is to be for now; the ceremony must have been begun for the same
   * @throws Problem `wrong-proof`
   */
  async made(
    { ceremony, response, label }: z.infer<typeof MadePasskey>,
    grounds: Grounds,
    now: number,
  ): Promise<StoredPasskey> {
    const begun = await this.#ceremonies.take(ceremony, 'new-passkey');
    const given = Registration.safeParse(response);
    if (!given.success || !sameGrounds(begun.grounds, grounds)) throw refused();
    const { registrationInfo } = await orRefused(async () => {
      unattested(given.data.response.attestationObject);
      notFramed(given.data.response.clientDataJSON);
      return verifyRegistrationResponse({
        response: { ...given.data, clientExtensionResults: {} } as Parameters<
          typeof verifyRegistrationResponse
        >[0]['response'],
        expectedChallenge: begun.challenge,
        expectedOrigin: begun.origin,
        expectedRPID: begun.rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      });
    });
    if (!registrationInfo) throw refused();
    const { id, publicKey, counter } = registrationInfo.credential;
    return {
      id,
      publicKey: isoBase64URL.fromBuffer(publicKey),
      counter,
      transports: given.data.response.transports,
      name: label ?? UNNAMED,
      createdAt: new Date(now).toISOString(),
    };
  }

  /** Begins a sign-in, by whichever passkey the device has for us. @throws Problem `passkeys-off` */
  async options(home: string): Promise<{ ceremony: string; options: PublicKeyCredentialRequestOptionsJSON }> {
    const { origin, rpId } = this.#site(home);
    const options = await generateAuthenticationOptions({
      rpID: rpId,
      userVerification: 'required',
      timeout: TIMEOUT_MS,
    });
    const ceremony = await this.#ceremonies.begin({ kind: 'passkey', challenge: options.challenge, origin, rpId });
    return { ceremony, options };
  }

  /** Uses the ceremony up and says whose passkey answers it, as it claims itself: nothing is proven yet. */
  async answered(
    ceremony: unknown,
    response: unknown,
  ): Promise<{ begun: CeremonyOf<'passkey'>; given: Authentication; staff: string }> {
    const begun = await this.#ceremonies.take(ceremony, 'passkey');
    const given = Authentication.safeParse(response);
    if (!given.success) throw refused();
    const staff = Buffer.from(given.data.response.userHandle, 'base64url').toString();
    return { begun, given: given.data, staff };
  }

  /**
   * Whether the answer was made by this passkey, now, here, and by its person. Resolves with how often it was used by then.
   * @throws Problem `wrong-proof`
   */
  async proven(
    begun: CeremonyOf<'passkey'>,
    given: Authentication,
    passkey: StoredPasskey | undefined,
  ): Promise<number> {
    if (!passkey) throw refused();
    const { verified, authenticationInfo } = await orRefused(async () => {
      notFramed(given.response.clientDataJSON);
      return verifyAuthenticationResponse({
        response: { ...given, clientExtensionResults: {} },
        expectedChallenge: begun.challenge,
        expectedOrigin: begun.origin,
        expectedRPID: begun.rpId,
        requireUserVerification: true,
        credential: {
          id: passkey.id,
          publicKey: isoBase64URL.toBuffer(passkey.publicKey),
          counter: passkey.counter,
        },
      });
    });
    if (!verified) throw refused();
    return authenticationInfo.newCounter;
  }

  #site(home: string): Site {
    const site = siteOf(home, this.#publicUrl);
    if ('reason' in site) throw new Problem('passkeys-off', site.words, { reason: site.reason });
    return site;
  }
}

/** Whatever is wrong with a passkey's answer, the library throws; why is not told. */
async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw refused();
  }
}

function refused(): Problem {
  return new Problem('wrong-proof', 'The passkey was not accepted. Try again, or use another way to sign in.');
}

/**
 * We ask for no statement of a device's maker, and look at none: with its certificates the library would go and fetch
 * lists of revoked ones from addresses that whoever sent it has chosen.
 */
function unattested(attestationObject: string): void {
  const statement = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = statement.get('fmt');
  if (format === 'none' || (format === 'packed' && statement.get('attStmt').get('x5c') === undefined)) return;
  throw new Error('An attestation was not asked for.');
}

/** Our pages stand in no frame, so no passkey of ours is ever asked for in one. */
function notFramed(clientDataJSON: string): void {
  if (decodeClientDataJSON(clientDataJSON).crossOrigin) throw new Error('It was made in a frame of another site.');
}
