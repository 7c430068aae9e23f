import { operator } from '../../server/commands/office.ts';
import type { Grant, Role } from '../../server/roles.ts';
import { Authenticator } from './authenticator.ts';
import { type Answer, answerOf, type TestService } from './service.ts';

/** A browser on pages of ours: it keeps the cookies that it is given, and says where its requests come from. */
export class Visitor {
  readonly url: string;
  /** Of the pages that its requests come from. */
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` of the last answer that had one, as it came. */
  given: string[] = [];

  constructor(url: string, origin = new URL(url).origin) {
    this.url = url;
    this.origin = origin;
  }

  get cookie(): string {
    return [...this.cookies].map((pair) => pair.join('=')).join('; ');
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', path, undefined, headers);
  }

  async post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const own = {
      Origin: this.origin,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
    };
    return this.ask('POST', path, typeof body === 'string' ? body : JSON.stringify(body), { ...own, ...headers });
  }

  async ask(method: string, path: string, body: string | undefined, headers: Record<string, string>): Promise<Answer> {
    const sent = { ...(this.cookies.size > 0 && { Cookie: this.cookie }), ...headers };
    const init = { method, headers: sent, redirect: 'manual' as const, ...(body !== undefined && { body }) };
    const response = await fetch(`${this.url}${path}`, init);
    this.#keep(response.headers.getSetCookie());
    return answerOf(response);
  }

  #keep(given: string[]): void {
    if (given.length > 0) this.given = given;
    for (const cookie of given) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /Expires=Thu, 01 Jan 1970/.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Somebody of the newsroom in a browser of their own, with a passkey. */
export class Member extends Visitor {
  readonly passkey: Authenticator;
  id = '';

  constructor(url: string, origin = new URL(url).origin, passkey = new Authenticator(origin)) {
    super(url, origin);
    this.passkey = passkey;
  }

  /** Comes in by a one-time link, as its page does it. */
  async join(token: string, name?: string): Promise<this> {
    const body = { token, ...(name !== undefined && { name }) };
    const { ceremony, options } = done(await this.post('/v1/links/passkey/options', body));
    const passkey = { ceremony, response: this.passkey.create(options) };
    done(await this.post('/v1/links/accept', { ...body, passkey }));
    this.id = (await this.get('/v1/me')).body.id;
    return this;
  }

  async signIn(): Promise<this> {
    const { ceremony, options } = done(await this.post('/v1/sign-in/passkey/options'));
    done(await this.post('/v1/sign-in/passkey', { ceremony, response: this.passkey.get(options) }));
    return this;
  }

  /** The same person in another browser, signed in there as well. */
  async elsewhere(url = this.url): Promise<Member> {
    const other = new Member(url, undefined, this.passkey);
    other.id = this.id;
    return other.signIn();
  }
}

/** Somebody who was invited, and came. */
export async function memberWith({ url, office }: TestService, grants: Grant[], name: string): Promise<Member> {
  const { token } = await office.links.invite(operator(), { name, grants });
  return new Member(url).join(token);
}

export function memberAs(service: TestService, role: Role, edition = '*', name = `${role} of ${edition}`) {
  return memberWith(service, [{ role, edition }], name);
}

function done({ status, body }: Answer): Answer['body'] {
  if (status !== 200) throw new Error(`refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}
