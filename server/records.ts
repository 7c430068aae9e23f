/**
 * Small records of the newsroom's side (staff, sessions, API keys, the store's secret) and of its nodes, by kind and
 * id, and what was done to them. What holds for every engine is `test/contract/records.ts`.
 *
 * Every method may reject with an `EngineUnavailable`: what was to be written is then there as a whole or not at all.
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

  /** Removes the record and resolves with what it was: of several who take it, one gets it. */
  take(kind: string, id: string): Promise<Stored | undefined>;

  /**
   * Adds `by`, a whole number, to a counter that ends `lifeMs` after its first addition. Resolves with the sum and
   * with what is left of its life. A counter is a record whose value is a number.
   */
  increment(kind: string, id: string, by: number, lifeMs: number): Promise<{ count: number; leftMs: number }>;

  /**
   * All of it or nothing, in one atomic step with its row among the acts: each record must have the version that is
   * expected. Resolves with whether it was done. No record may be among the writes twice.
   */
  change(writes: readonly Write[], act: OfficeAct): Promise<boolean>;

  /** What was done to the newsroom's own side, newest first. `before`: only rows with a lower seq. */
  acts(limit: number, before?: number): Promise<OfficeActRow[]>;
}

export interface Stored {
  /** 1 for the first value, one more with each further one. */
  version: number;
  value: unknown;
}

/** Without `value` the record is removed; with `expects` 0 besides, the write only asks that there is none. */
export interface Write {
  kind: string;
  id: string;
  expects: number;
  value?: unknown;
  /** As with `put`. */
  lifeMs?: number;
}

/** Who did what to whom. The rows stay for ever, so nothing that may have to be forgotten belongs in here. */
export interface OfficeAct {
  actor: string;
  from: string;
  action: string;
  /** An id, never a text. */
  subject: string;
  editions: string[];
  /** A short note of the office. */
  why?: string;
}

export interface OfficeActRow extends OfficeAct {
  /** 1 for the first act, one more with each further one. */
  seq: number;
  at: string;
}
