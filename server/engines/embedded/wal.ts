import type { DatabaseSync } from 'node:sqlite';

/** A reader of another process holds a checkpoint up; the commits that wait behind it should not wait long. */
const PATIENCE_MS = 100;
/** At the end nobody waits behind it, and nobody may come after. */
const LAST_PATIENCE_MS = 5_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5_000;

/**
 * Takes the killed texts out of the write-ahead log: the blanked pages go to the database file, and the log, which
 * still holds the pages as they were, is cut to nothing. Goes on until that has worked.
 */
export class WalEraser {
  readonly #db: DatabaseSync;
  #retry: NodeJS.Timeout | undefined;
  #wait = FIRST_RETRY_MS;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Most often done when it returns. */
  erase(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#truncate(PATIENCE_MS)) {
      this.#wait = FIRST_RETRY_MS;
      return;
    }
    this.#retry = setTimeout(() => this.erase(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LAST_RETRY_MS);
  }

  /** Tries for the last time; what fails now is done by whoever opens the database next. */
  close(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#truncate(LAST_PATIENCE_MS);
  }

  #truncate(patience: number): boolean {
    const { timeout } = this.#db.prepare('PRAGMA busy_timeout').get() as { timeout: number };
    this.#db.exec(`PRAGMA busy_timeout = ${patience}`);
    try {
      return this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
    } catch {
      // Locked, or a full disk: the commit itself stands, and the next try may work.
      return false;
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }
}
