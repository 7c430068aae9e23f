import { Secret, TOTP } from 'otpauth';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { StoredTotp } from '../desk/account.ts';
import { invalidFields, Problem } from '../errors.ts';
import { type Ceremonies, type Grounds, sameGrounds } from './ceremony.ts';

/** As authenticator apps all have it; RFC 6238 asks for 160 bits of secret. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 };
const SECRET_BYTES = 20;
/** A code of the step before and of the one after is taken as well: clocks differ, and people type. */
const WINDOW = 1;

/** A code as people type it, with spaces between. */
export const Code = z
  .string()
  .max(20)
  .overwrite((text) => text.replace(/\s/g, ''))
  .regex(/^\d{6}$/, 'is not six digits');

interface TotpsParts {
  ceremonies: Ceremonies;
  clock: Clock;
  /** What the newsroom is called in the app. */
  newsroom: string;
}

/** Codes of an authenticator app (TOTP, RFC 6238), which stand beside a password. */
export class Totps {
  readonly #ceremonies: Ceremonies;
  readonly #clock: Clock;
  readonly #newsroom: string;

  constructor({ ceremonies, clock, newsroom }: TotpsParts) {
    this.#ceremonies = ceremonies;
    this.#clock = clock;
    this.#newsroom = newsroom;
  }

  /** A new secret, and the URI that stands in a QR code. It counts once a code of it was seen. */
  async newOptions(name: string, grounds: Grounds): Promise<{ ceremony: string; secret: string; uri: string }> {
    const secret = new Secret({ size: SECRET_BYTES });
    // A colon would part the account from the newsroom.
    const label = name.replaceAll(':', ' ');
    const uri = new TOTP({ ...FORM, issuer: this.#newsroom.replaceAll(':', ' '), label, secret }).toString();
    const ceremony = await this.#ceremonies.begin({ kind: 'new-totp', secret: secret.base32, grounds });
    return { ceremony, secret: secret.base32, uri };
  }

  /**
   * The secret, once a code shows that the app has it. A mistyped code may be typed again, since the app has been set up
   * by then; the right one uses the ceremony up, and is used itself.
   *
   * @throws Problem `invalid`, `wrong-proof` when the ceremony is over or was begun for something else
   */
  async made(ceremony: unknown, code: string, grounds: Grounds): Promise<StoredTotp> {
    const begun = await this.#ceremonies.look(ceremony, 'new-totp');
    if (!sameGrounds(begun.grounds, grounds))
      throw new Problem('wrong-proof', 'This was begun for something else. Start again.');
    const lastStep = this.step({ secret: begun.secret, lastStep: -1 }, code);
    if (lastStep === undefined)
      throw invalidFields([{ field: 'code', message: 'is not the one that the app shows now' }]);
    await this.#ceremonies.take(ceremony, 'new-totp');
    return { secret: begun.secret, lastStep };
  }

  /** The time step of a code that is right now and newer than the last one that was used, or undefined. */
  step({ secret, lastStep }: StoredTotp, code: string): number | undefined {
    const totp = new TOTP({ ...FORM, secret });
    const timestamp = this.#clock.now();
    const delta = totp.validate({ token: code, timestamp, window: WINDOW });
    if (delta === null) return undefined;
    const step = totp.counter({ timestamp }) + delta;
    return step > lastStep ? step : undefined;
  }
}
