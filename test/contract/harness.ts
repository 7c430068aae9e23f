import { afterEach, beforeEach } from 'vitest';
import type { Engine } from '../../server/engine.ts';

export interface OpenOptions {
  /** Entries kept in the log of each edition. */
  logLength: number;
}

/** A store of its own for one test, and the ways into it that the suites need. */
export interface Harness {
  readonly engine: Engine;

  /** One more engine on the same store, as another process would have it. Closed by `close` and `reopen`. */
  another(): Promise<Engine>;

  /** Closes every engine of this store and opens it again, with what it holds. */
  reopen(): Promise<Engine>;

  /** The places (file, table, key) in the whole store, bookkeeping included, whose names or raw bytes hold the text. */
  rawSearch(text: string): Promise<string[]>;

  /** Closes every engine and removes the store. */
  close(): Promise<void>;
}

export type Open = (options: OpenOptions) => Promise<Harness>;

/** A fresh store before each test of the present `describe`. Read its fields inside the tests only. */
export function freshStore(open: Open, logLength = 1000): Pick<Harness, 'engine' | 'another' | 'reopen' | 'rawSearch'> {
  let harness: Harness;
  beforeEach(async () => {
    harness = await open({ logLength });
  });
  afterEach(() => harness.close());
  return {
    get engine() {
      return harness.engine;
    },
    another: () => harness.another(),
    reopen: () => harness.reopen(),
    rawSearch: (text) => harness.rawSearch(text),
  };
}
