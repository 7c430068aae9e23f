import type { Log } from './log.ts';
import type { Office } from './office.ts';
import { Attempts } from './sign-in/attempts.ts';
import { Ceremonies } from './sign-in/ceremony.ts';
import { Joining } from './sign-in/joining.ts';
import { Methods } from './sign-in/methods.ts';
import { Passkeys } from './sign-in/passkey.ts';
import { Passwords } from './sign-in/password.ts';
import { SignIn } from './sign-in/sign-in.ts';
import { Sso } from './sign-in/sso.ts';
import { Totps } from './sign-in/totp.ts';

/** How people prove who they are. */
export interface Proofs {
  passkeys: Passkeys;
  /** Where the settings name a provider. */
  sso: Sso | undefined;
  signIn: SignIn;
  joining: Joining;
  methods: Methods;
}

export function openProofs({ settings, file, engine: { records }, links, clock }: Office, log: Log): Proofs {
  const ceremonies = new Ceremonies(records);
  const passkeys = new Passkeys({ ceremonies, newsroom: file.name, publicUrl: settings.PUBLIC_URL });
  const totps = new Totps({ ceremonies, clock, newsroom: file.name });
  const ways = { records, clock, passkeys, passwords: new Passwords(), totps, sso: ssoOf() };
  return {
    passkeys,
    sso: ways.sso,
    signIn: new SignIn({ ...ways, attempts: new Attempts(records, clock) }),
    joining: new Joining({ ...ways, links }),
    methods: new Methods(ways),
  };

  function ssoOf(): Sso | undefined {
    const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
    if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
    return new Sso({ issuer, clientId, clientSecret, ceremonies, clock, log });
  }
}
