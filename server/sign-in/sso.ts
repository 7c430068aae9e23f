import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Clock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Ceremonies, CeremonyOf } from './ceremony.ts';

const TIMEOUT_S = 10;
/** How far the provider's clock may be from ours. */
const SKEW_MS = 60_000;
/** Where the provider sends people back to; it must be told of this address beforehand. */
const CALLBACK = '/v1/sign-in/sso/done';

export type SsoPurpose = CeremonyOf<'sso'>['purpose'];

/** Who the provider says it is, and what they were sent there for. */
export interface SsoProof {
  issuer: string;
  subject: string;
  purpose: SsoPurpose;
  /** When the provider saw them prove it (epoch ms), as far as it says. */
  provenAt: number;
}

export interface SsoSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

interface SsoParts extends SsoSettings {
  ceremonies: Ceremonies;
  clock: Clock;
  log: Log;
}

/** Single sign-on by OpenID Connect: the authorization code flow with PKCE, state, nonce and a signed ID token. */
export class Sso {
  readonly #settings: SsoSettings;
  readonly #ceremonies: Ceremonies;
  readonly #clock: Clock;
  readonly #log: Log;
  #configuration: Promise<Configuration> | undefined;

  constructor({ issuer, clientId, clientSecret, ceremonies, clock, log }: SsoParts) {
    this.#settings = { issuer, clientId, clientSecret };
    this.#ceremonies = ceremonies;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Where to send the browser. The ceremony's id must be kept in that browser (a cookie) until it comes back: else
   * somebody could make another person's browser finish what they began.
   *
   * @param home the address of our pages, without a slash at its end
   * @param again asks the provider to have the person prove themselves anew
   * @throws Problem `sso-unavailable`
   */
  async begin(
    home: string,
    purpose: SsoPurpose,
    { again = false }: { again?: boolean } = {},
  ): Promise<{ ceremony: string; location: string }> {
    const configuration = await this.#provider();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const redirectUri = `${home}${CALLBACK}`;
    const location = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login', max_age: '0' }),
    });
    const ceremony = await this.#ceremonies.begin({
      kind: 'sso',
      state,
      nonce,
      verifier,
      redirectUri,
      purpose,
      ...(again && { again: this.#clock.now() }),
    });
    return { ceremony, location: location.href };
  }

  /**
   * What the provider sent the browser back with. The ceremony is used up, whatever comes of it.
   *
   * @param ceremony as the browser kept it
   * @param query of the address that it came back to
   * @throws Problem `wrong-proof`, `sso-unavailable`
   */
  async finish(ceremony: unknown, query: string): Promise<SsoProof> {
    const begun = await this.#ceremonies.take(ceremony, 'sso');
    const configuration = await this.#provider();
    const back = new URL(begun.redirectUri);
    back.search = query;
    const claims = await this.#claims(configuration, back, begun);
    const now = this.#clock.now();
    const provenAt = claims.auth_time === undefined ? now : Math.min(now, claims.auth_time * 1000);
    if (begun.again !== undefined && provenAt < begun.again - SKEW_MS)
      throw new Problem('wrong-proof', 'The provider did not ask again who you are. Use another way to prove it.');
    return { issuer: claims.iss, subject: claims.sub, purpose: begun.purpose, provenAt };
  }

  async #claims(configuration: Configuration, back: URL, { state, nonce, verifier }: CeremonyOf<'sso'>) {
    try {
      const tokens = await authorizationCodeGrant(configuration, back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims) return claims;
    } catch (error) {
      if (isAway(error)) throw this.#away(error);
      // Its cause is left out: that holds the tokens.
      this.#log.warn({ error: wordsOf(error) }, 'a single sign-on was refused');
    }
    throw new Problem('wrong-proof', 'The single sign-on was not confirmed. Start again.');
  }

  /** Asked for at the first use, and again while it could not be had. */
  #provider(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    this.#configuration ??= discovery(url, clientId, {}, byTheSecret(clientSecret), {
      // Settings let http through for this machine alone.
      execute: [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])],
      timeout: TIMEOUT_S,
    }).catch((error: unknown) => {
      this.#configuration = undefined;
      throw this.#away(error);
    });
    return this.#configuration;
  }

  #away(error: unknown): Problem {
    this.#log.warn({ error: wordsOf(error), issuer: this.#settings.issuer }, 'the single sign-on did not answer');
    const words = 'The single sign-on does not answer. Try again, or use another way to sign in.';
    return new Problem('sso-unavailable', words, { retryAfter: 10 });
  }
}

/** For the parts that may have none. */
export function noSso(): Problem {
  return new Problem('not-found', 'There is no single sign-on here.');
}

/** In the header, as OpenID Connect has it where nothing else is said. */
function byTheSecret(secret: string): ClientAuth {
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported;
    const inHeader = methods === undefined || methods.includes('client_secret_basic');
    (inHeader ? ClientSecretBasic(secret) : ClientSecretPost(secret))(server, ...rest);
  };
}

/** `fetch` throws a TypeError where there is no connection. */
function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT');
}

function wordsOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError) return `the provider answered ${error.error.slice(0, 100)}`;
  return error instanceof Error ? error.message : 'unknown';
}
