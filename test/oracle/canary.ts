/** A word in every text of an item, by which it is known wherever it turns up. */
export function canary(item: number): string {
  return `q${item}q`;
}

const CANARY = /q(\d+)q/g;

interface Ban {
  revision: number;
  /** The mark of the commit: a commit that was lost bans nothing. */
  mark: string;
  since: number;
  killed: boolean;
}

/**
 * Which texts a node must not give any more: of items whose kill or hold a reader of it has seen, which is how it is
 * known that the node has applied it.
 */
export class Bans {
  readonly #byNode = new Map<string, Map<number, Ban>>();
  /** Up to which revision of an item a hold no longer counts, since somebody has asked for the release. */
  readonly #released = new Map<number, number>();
  checked = 0;

  /** @param since when it was seen, in `performance.now()` */
  add(node: string, item: number, ban: Ban): void {
    if (!ban.killed && (this.#released.get(item) ?? 0) >= ban.revision) return;
    const bans = this.#byNode.getOrInsertComputed(node, () => new Map());
    const known = bans.get(item);
    if (!known || ban.revision > known.revision) bans.set(item, ban);
  }

  /** Somebody asks for the release of what was held at `revision`. */
  lift(item: number, revision: number): void {
    this.#released.set(item, Math.max(revision, this.#released.get(item) ?? 0));
    for (const bans of this.#byNode.values()) {
      const ban = bans.get(item);
      if (ban && !ban.killed && ban.revision <= revision) bans.delete(item);
    }
  }

  /** Kills and holds were lost, and with them their bans. */
  clear(): void {
    this.#byNode.clear();
  }

  /** The items in a text that the node must not have given, had it been asked at `asked`. */
  broken(node: string, text: string, asked: number): string[] {
    const bans = this.#byNode.get(node);
    if (!bans || bans.size === 0) return [];
    const found = new Set([...text.matchAll(CANARY)].map((match) => Number(match[1])));
    this.checked++;
    return [...found].flatMap((item) => {
      const ban = bans.get(item);
      if (!ban || ban.since >= asked) return [];
      return [`${ban.killed ? 'killed' : 'held'} item ${item} (since revision ${ban.revision})`];
    });
  }
}
