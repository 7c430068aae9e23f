import type { Message } from '../shared/wire.ts';
import type { Built } from './snapshot.ts';
import type { Dialect } from './tape.ts';

type Hello = Message & { type: 'hello' };

/** A `hello`, encoded once in each dialect for all who are greeted with it. */
export class Greeting {
  readonly message: Hello;
  readonly #encoded = new Map<Dialect, Buffer>();

  constructor(message: Hello) {
    this.message = message;
  }

  bytes(dialect: Dialect): Buffer {
    return this.#encoded.getOrInsertComputed(dialect, () => dialect.encode(this.message));
  }
}

/** The first words to readers, shared by those who come together: a herd brings few positions and one snapshot. */
export class Greetings {
  readonly #heartbeatMs: number;
  readonly #withSnapshot = new WeakMap<Built, Greeting>();
  readonly #last = new Map<string, Greeting>();

  constructor(heartbeatMs: number) {
    this.#heartbeatMs = heartbeatMs;
  }

  /** To who has no position yet. */
  first(edition: string, built: Built): Greeting {
    const { snapshot } = built;
    return this.#withSnapshot.getOrInsertComputed(built, () =>
      this.#greeting(edition, snapshot.position, { snapshot }),
    );
  }

  /** To who goes on from `position`. */
  again(edition: string, position: string): Greeting {
    const last = this.#last.get(edition);
    if (last?.message.position === position) return last;
    const greeting = this.#greeting(edition, position);
    this.#last.set(edition, greeting);
    return greeting;
  }

  #greeting(edition: string, position: string, more?: Pick<Hello, 'snapshot'>): Greeting {
    return new Greeting({ type: 'hello', edition, position, heartbeatMs: this.#heartbeatMs, ...more });
  }
}
