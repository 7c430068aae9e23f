import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { closed, listening } from './oidc.ts';

type Claims = Record<string, unknown>;

/** An OpenID provider that says in its ID token whatever it is told to. */
export interface LyingProvider {
  issuer: string;
  /** What the next token says other than the truth. */
  lie: Claims;
  /** Signs with a key that it has told nobody. */
  otherKey: boolean;
  /** What it answers at its own address for itself. */
  claimsToBe: string | undefined;
  /** Lets somebody in who was sent to `location`. Resolves with the query that they are sent back with. */
  approve(location: string): string;
  close(): Promise<void>;
}

export async function startLiar(): Promise<LyingProvider> {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { server, url } = await listening((request, response) => {
    const path = request.url?.split('?')[0];
    const answer = (body: object) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (path === '/.well-known/openid-configuration')
      return answer({
        issuer: liar.claimsToBe ?? url,
        authorization_endpoint: `${url}/auth`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (path === '/jwks')
      return answer({ keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'key', use: 'sig', alg: 'RS256' }] });
    const { nonce } = liar;
    const now = Math.floor(Date.now() / 1000);
    const truth = { iss: url, aud: 'motograph', sub: 'olena', nonce, iat: now, exp: now + 300 };
    const claims = { ...truth, ...liar.lie };
    const signed = jwt(claims, liar.otherKey ? other.privateKey : key.privateKey);
    return answer({ access_token: 'access', token_type: 'Bearer', id_token: signed });
  });
  const liar = {
    issuer: url,
    lie: {} as Claims,
    otherKey: false,
    claimsToBe: undefined as string | undefined,
    nonce: '',
    close: () => closed(server),
    approve(location: string): string {
      const asked = new URL(location).searchParams;
      liar.nonce = asked.get('nonce') ?? '';
      return `?code=code&state=${asked.get('state')}`;
    },
  };
  return liar;
}

function jwt(claims: Claims, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'key' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
