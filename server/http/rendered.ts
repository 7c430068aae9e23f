import { type Body, bodyOf } from './body.ts';

interface Held {
  from: object;
  minute: number;
  body: Body;
}

/** Which pages there are is strangers' choice (tags, headings, hosts), so only so many are kept. */
const KEPT = 200;

/** Pages, built once per change of what they show. And once a minute, since they say of when they are. */
export class Rendered {
  readonly #held = new Map<string, Held>();

  /** @param from what the page shows: another object is another state */
  get(name: string, from: object, now: number, render: () => string): Body {
    const minute = Math.floor(now / 60_000);
    const held = this.#held.get(name);
    if (held?.from === from && held.minute === minute) return held.body;
    const body = bodyOf(render());
    this.#held.delete(name);
    this.#held.set(name, { from, minute, body });
    const [oldest] = this.#held.keys();
    if (this.#held.size > KEPT && oldest !== undefined) this.#held.delete(oldest);
    return body;
  }
}
