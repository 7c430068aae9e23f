import type { Clock } from './clock.ts';
import type { Settings } from './config.ts';
import { Links } from './desk/links.ts';
import { Staff } from './desk/staff.ts';
import { Keys } from './keys.ts';
import type { Log } from './log.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import type { Records } from './records.ts';
import { Sessions } from './sessions.ts';
import { Attempts } from './sign-in/attempts.ts';
import { Ceremonies } from './sign-in/ceremony.ts';
import { Joining } from './sign-in/joining.ts';
import { Methods } from './sign-in/methods.ts';
import { Passkeys } from './sign-in/passkey.ts';
import { Passwords } from './sign-in/password.ts';
import { SignIn } from './sign-in/sign-in.ts';
import { Sso } from './sign-in/sso.ts';
import { Totps } from './sign-in/totp.ts';

/** Who may come in to the newsroom's own side, and by what. */
export interface Door {
  keys: Keys;
  sessions: Sessions;
  staff: Staff;
  links: Links;
}

export function openDoor(records: Records, file: NewsroomFile, clock: Clock): Door {
  const editions = new Set(file.editions.keys());
  return {
    keys: new Keys(records, file, clock),
    sessions: new Sessions(records, clock),
    staff: new Staff({ records, editions, clock }),
    links: new Links({ records, editions, clock }),
  };
}

/** How people prove who they are. */
export interface Proofs {
  passkeys: Passkeys;
  /** Where the settings name a provider. */
  sso: Sso | undefined;
  signIn: SignIn;
  joining: Joining;
  methods: Methods;
}

interface Office extends Door {
  settings: Settings;
  file: NewsroomFile;
  engine: { records: Records };
  clock: Clock;
}

export function openProofs({ settings, file, engine: { records }, links, clock }: Office, log: Log): Proofs {
  const ceremonies = new Ceremonies(records);
  const passkeys = new Passkeys({ ceremonies, newsroom: file.name, publicUrl: settings.PUBLIC_URL });
  const totps = new Totps({ ceremonies, clock, newsroom: file.name });
  const ways = { records, clock, passkeys, passwords: new Passwords(), totps, sso: ssoOf() };
  return {
    passkeys,
    sso: ways.sso,
    signIn: new SignIn({ ...ways, attempts: new Attempts(records) }),
    joining: new Joining({ ...ways, links }),
    methods: new Methods(ways),
  };

  function ssoOf(): Sso | undefined {
    const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
    if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
    return new Sso({ issuer, clientId, clientSecret, ceremonies, clock, log });
  }
}
