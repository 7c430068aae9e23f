import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

const SECRET = 'the-secret-of-a-test-client';

/** A real OpenID provider on this machine, in which everybody has signed in as `subject`. */
export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who comes next. */
  subject: string;
  close(): Promise<void>;
}

/** @param redirectUris where it may send people back to. The client `other` may as well, and is not ours. */
export async function startProvider(redirectUris: string[]): Promise<TestProvider> {
  const handler: { handle: (request: IncomingMessage, response: ServerResponse) => void } = { handle: () => {} };
  const { server, url: issuer } = await listening((request, response) => handler.handle(request, response));
  const client = { client_secret: SECRET, redirect_uris: redirectUris, grant_types: ['authorization_code'] };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: ['motograph', 'other'].map((id) => ({ ...client, client_id: id })),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' } as never] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    /** What is asked for is granted. */
    async loadExistingGrant({ oidc }) {
      const [accountId, clientId] = [oidc.session?.accountId, oidc.client?.clientId];
      if (accountId === undefined || clientId === undefined) return undefined;
      const grant = new oidc.provider.Grant({ accountId, clientId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const opened: TestProvider = {
    issuer,
    clientId: 'motograph',
    clientSecret: SECRET,
    subject: 'olena',
    close: () => closed(server),
  };
  const others = provider.callback();
  handler.handle = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return others(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: opened.subject } });
  };
  return opened;
}

export async function listening(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A browser that follows where it is sent, with its cookies, until it is sent back to us. Resolves with the query. */
export async function visit(location: string, home: string, cookies = new Map<string, string>()): Promise<string> {
  for (let at = location; ; ) {
    if (at.startsWith(home)) return new URL(at).search;
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: { Cookie } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`${at} answered ${response.status}: ${await response.text()}`);
    at = new URL(next, at).href;
  }
}
