import { text } from './form.ts';
import { find } from './page.ts';
import { qrCode } from './qr.ts';
import { Refused } from './send.ts';

interface Begun {
  ceremony: string;
  secret: string;
  uri: string;
}

/** The fields of a new password, and of the authenticator app that goes with it. */
export class NewPassword {
  readonly #within: HTMLElement;
  readonly #ask: () => Promise<Begun>;
  #begun: Begun | undefined;

  /** @param ask for a secret */
  constructor(within: HTMLElement, ask: () => Promise<Begun>) {
    this.#within = within;
    this.#ask = ask;
    const button = find('.show', within);
    const input = find<HTMLInputElement>('[autocomplete=new-password]', within);
    button.addEventListener('click', () => this.#show(button, input, input.type === 'password'));
    input.form?.addEventListener('reset', () => this.#show(button, input, false));
  }

  get begun(): boolean {
    return this.#begun !== undefined;
  }

  /** Puts a secret where the app can take it from. */
  async begin(): Promise<void> {
    this.#begun ??= await this.#ask();
    find('.qr', this.#within).replaceChildren(qrCode(this.#begun.uri));
    // In fours, as whoever types it reads it.
    find('.secret', this.#within).textContent = this.#begun.secret.replace(/.{4}(?=.)/g, '$& ');
  }

  /** Sends what was filled in. A secret is kept for five minutes: who took longer gets another. */
  async save(fields: FormData, send: (password: object) => Promise<unknown>): Promise<void> {
    await this.begin();
    const body = { ceremony: this.#begun?.ceremony, password: text(fields, 'password'), code: codeIn(fields) };
    await send(body).catch(async (error: unknown) => {
      if (!(error instanceof Refused && error.kind === 'wrong-proof')) throw error;
      this.#begun = undefined;
      await this.begin();
      throw new Refused('too-late');
    });
  }

  forget(): void {
    this.#begun = undefined;
    find('.qr', this.#within).replaceChildren();
    find('.secret', this.#within).textContent = '';
  }

  #show(button: HTMLElement, input: HTMLInputElement, shown: boolean): void {
    button.setAttribute('aria-pressed', String(shown));
    input.type = shown ? 'text' : 'password';
  }
}

/** Without the spaces that some apps show it with. */
export function codeIn(fields: FormData): string {
  return text(fields, 'code').replace(/\s/g, '');
}
