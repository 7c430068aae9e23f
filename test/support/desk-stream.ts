import type { Visitor } from './staff.ts';

/** A stream of the desk, as a browser on a page of ours has it. */
export class DeskStream {
  readonly status: number;
  /** What it was refused with, once it has ended. */
  problem: { type: string } | undefined;
  /** The types of what came, and the data of the last of each. */
  readonly said: string[] = [];
  readonly data = new Map<string, unknown>();
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
  /** Whether the connection broke, and the server did not end it. */
  cut = false;
  readonly #close = new AbortController();
  readonly #waiting = new Set<() => void>();

  private constructor(response: Response, close: AbortController) {
    this.status = response.status;
    this.#close = close;
    this.ended = this.#read(response).catch(() => {
      this.cut = true;
    });
  }

  /** @param headers in place of those that a visitor sends */
  static async open({ url, cookie }: Pick<Visitor, 'url' | 'cookie'>, headers: Record<string, string> = {}) {
    const close = new AbortController();
    const sent = { Accept: 'text/event-stream', 'Sec-Fetch-Site': 'same-origin', Cookie: cookie, ...headers };
    return new DeskStream(await fetch(`${url}/v1/desk/live`, { headers: sent, signal: close.signal }), close);
  }

  async until(type: string): Promise<void> {
    while (!this.said.includes(type)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  close(): void {
    this.#close.abort();
  }

  async #read(response: Response): Promise<void> {
    if (!response.ok) {
      this.problem = (await response.json()) as { type: string };
      return;
    }
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) this.#take(event);
    }
  }

  #take(event: string): void {
    const [, type = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
    this.said.push(type);
    this.data.set(type, JSON.parse(data));
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
