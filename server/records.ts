/**
 * Small records of the newsroom's side (API keys, the store's secret) and of its nodes, by kind and id. What holds for
 * every engine is `test/contract/records.ts`.
 */
export interface Records {
  get(kind: string, id: string): Promise<Stored | undefined>;

  /**
   * Stores the value when the record has the version expected (0: there is none yet) and resolves with whether it
   * did. `value` is any JSON value.
   *
   * @param lifeMs after so long, on the engine's clock, it is as if the record had never been; absent: it stays
   */
  put(kind: string, id: string, value: unknown, expects: number, lifeMs?: number): Promise<boolean>;

  /** In the order of their ids. */
  list(kind: string): Promise<(Stored & { id: string })[]>;
}

export interface Stored {
  /** 1 for the first value, one more with each further one. */
  version: number;
  value: unknown;
}
