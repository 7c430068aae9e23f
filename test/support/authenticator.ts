import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';

/** What a device does other than it should. */
interface Habits {
  /** The page that it believes to be on. */
  origin?: string;
  /** Whom it answers, when not who asked. */
  rpId?: string;
  /** Whether it made sure of its person. */
  verified?: boolean;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  /** An attestation in place of none. */
  attestation?: { fmt: string; attStmt: Map<string, unknown> };
}

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 };

/** A passkey in software: P-256, a resident key, and a count of its uses. */
export class Authenticator {
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #id = randomBytes(32);
  readonly #origin: string;
  #user = '';
  #rpId = '';
  counter = 0;

  constructor(origin = 'http://localhost:8080') {
    this.#origin = origin;
  }

  get id(): string {
    return this.#id.toString('base64url');
  }

  /** As `navigator.credentials.create` and the browser's own JSON have it. */
  create(options: PublicKeyCredentialCreationOptionsJSON, habits: Habits = {}) {
    this.#user = options.user.id;
    this.#rpId = options.rp.id ?? '';
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.#id, encode(this.#publicKey())]);
    const authData = this.#authData(habits, FLAGS.attested, attested);
    const { fmt, attStmt } = habits.attestation ?? { fmt: 'none', attStmt: new Map() };
    const attestation = new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', authData],
    ]);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, habits),
        attestationObject: encode(attestation).toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** As `navigator.credentials.get`, for a device that counts. */
  get(options: PublicKeyCredentialRequestOptionsJSON, habits: Habits = {}) {
    this.counter += 1;
    const authenticatorData = this.#authData(habits, 0);
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, habits);
    const digest = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([authenticatorData, digest]), this.#key.privateKey);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON,
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: this.#user,
      },
    };
  }

  #credential() {
    const { id } = this;
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' };
  }

  #clientData(type: string, challenge: string, habits: Habits): string {
    const data = {
      type: habits.type ?? type,
      challenge: habits.challenge ?? challenge,
      origin: habits.origin ?? this.#origin,
      crossOrigin: habits.crossOrigin ?? false,
    };
    return Buffer.from(JSON.stringify(data)).toString('base64url');
  }

  #authData({ rpId = this.#rpId, verified = true }: Habits, flags: number, attested = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const all = FLAGS.present | (verified ? FLAGS.verified : 0) | flags;
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([all]), counter, attested]);
  }

  /** COSE: an EC2 key for ES256. */
  #publicKey(): Map<number, unknown> {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
    return new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
  }
}

/** The little of CBOR that is needed here: whole numbers, bytes, texts, lists and maps. */
function encode(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [encode(key), encode(item)])]);
  throw new Error(`cannot encode ${String(value)}`);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}
