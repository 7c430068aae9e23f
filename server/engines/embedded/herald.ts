import type { Position } from '../../../shared/position.ts';
import type { Announcement } from '../../engine.ts';
import type { Reader } from './reader.ts';

/** How soon a commit of another process is noticed. */
const LOOK_MS = 100;

interface Heard {
  head: Position;
  listeners: Set<{ call: (announced: Announcement) => void }>;
}

/**
 * Announces commits. Whoever made them, what it announces is the difference between the head last announced and the
 * head on the disk: the one source cannot repeat itself or go back, as two could.
 */
export class Herald {
  readonly #reader: Reader;
  readonly #editions = new Map<string, Heard>();
  #timer: NodeJS.Timeout | undefined;
  #dataVersion = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** For an edition that the store knows. */
  subscribe(edition: string, call: (announced: Announcement) => void): () => void {
    this.#startLooking();
    const head = this.#reader.head(edition);
    if (!head) throw new Error(`edition ${edition} has no log`);
    const heard = this.#editions.get(edition) ?? { head, listeners: new Set() };
    this.#editions.set(edition, heard);
    const listener = { call };
    heard.listeners.add(listener);
    return () => {
      heard.listeners.delete(listener);
      if (heard.listeners.size > 0 || this.#editions.get(edition) !== heard) return;
      this.#editions.delete(edition);
      if (this.#editions.size === 0) this.#stopLooking();
    };
  }

  /** Announces what is new on the disk. Never throws: what cannot be read now is announced when it can. */
  look(): void {
    for (const [edition, heard] of this.#editions) {
      const head = readable(() => this.#reader.head(edition));
      if (!head) continue;
      const last = heard.head;
      heard.head = head;
      for (let seq = last.seq + 1; seq <= head.seq; seq++) announce(heard, { edition, seq });
      if (head.seq === last.seq && head.epoch !== last.epoch) announce(heard, { edition, seq: head.seq });
    }
  }

  close(): void {
    this.#editions.clear();
    this.#stopLooking();
  }

  #startLooking(): void {
    if (this.#timer) return;
    // Before the head is read: what is committed in between then shows as a change.
    this.#dataVersion = this.#reader.dataVersion();
    this.#timer = setInterval(() => this.#lookIfChanged(), LOOK_MS).unref();
  }

  #stopLooking(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lookIfChanged(): void {
    const dataVersion = readable(() => this.#reader.dataVersion());
    if (dataVersion === undefined || dataVersion === this.#dataVersion) return;
    this.#dataVersion = dataVersion;
    this.look();
  }
}

/** Undefined when it cannot be read now: whoever reads the edition gets the error and can do something about it. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function announce({ listeners }: Heard, announced: Announcement): void {
  for (const listener of listeners) {
    try {
      listener.call(announced);
    } catch (error) {
      process.emitWarning(error as Error);
    }
  }
}
