import { parsePosition } from '../../shared/position.ts';

/** What a publisher asked for. Known to have happened once it is acknowledged. */
export interface Act {
  kind: 'publish' | 'amend' | 'hold' | 'release' | 'kill' | 'pin' | 'unpin';
  /** The item's number. */
  item: number;
  /** The revision it makes, where the caller can know it beforehand. */
  revision?: number | undefined;
  fields?: Fields;
  until?: number;
}

export interface Fields {
  headline?: string;
  tags?: string[];
  section?: string | null;
}

export interface Acknowledged extends Act {
  edition: string;
  /** 0 for what was imported, whose place in the log nobody is told. */
  seq: number;
  mark: string;
  /** In which life of the store, and in which it was lost. */
  born: number;
  lost: number;
}

export interface Version {
  revision: number;
  state: 'published' | 'withheld' | 'killed';
  headline: string;
  tags: string[];
  section?: string | undefined;
  pinnedUntil?: number | undefined;
}

interface ModelItem {
  number: number;
  id: string;
  edition: string;
  publishedAt: string;
  acts: Acknowledged[];
}

/**
 * The plainest newsroom: what was acknowledged, and what follows from it. It knows nothing of how the service works
 * but the rules that its users are told.
 */
export class Model {
  readonly items = new Map<number, ModelItem>();
  readonly numbers = new Map<string, number>();
  readonly acts: Acknowledged[] = [];
  readonly #byMark = new Map<string, Acknowledged>();
  /** What readers saw: the revision of a commit whose acknowledgement did not name it. */
  readonly #seen = new Map<string, number>();
  readonly bulks = new Set<string>();
  life = 0;
  #next = 1;

  /** The number of an item that is about to be. */
  number(): number {
    return this.#next++;
  }

  acknowledge(act: Act, done: { id: string; edition: string; publishedAt: string; position?: string }): Acknowledged {
    const { seq = 0, mark = '' } = done.position === undefined ? {} : (parsePosition(done.position) ?? {});
    const acknowledged = { ...act, edition: done.edition, seq, mark, born: this.life, lost: Number.POSITIVE_INFINITY };
    const { id, edition, publishedAt } = done;
    const known = this.items.get(act.item) ?? { number: act.item, id, edition, publishedAt, acts: [] };
    known.acts.push(acknowledged);
    this.items.set(act.item, known);
    this.numbers.set(id, act.item);
    this.acts.push(acknowledged);
    if (mark) this.#byMark.set(mark, acknowledged);
    return acknowledged;
  }

  head(edition: string): number {
    return Math.max(0, ...this.standing(edition).map(({ seq }) => seq));
  }

  /** What was acknowledged and not lost. */
  standing(edition: string, life = this.life): Acknowledged[] {
    return this.acts.filter((act) => act.edition === edition && act.born <= life && act.lost > life);
  }

  byMark(mark: string): Acknowledged | undefined {
    return this.#byMark.get(mark);
  }

  isLost(mark: string): boolean {
    return (this.#byMark.get(mark)?.lost ?? Number.POSITIVE_INFINITY) <= this.life;
  }

  saw(mark: string, revision: number): void {
    this.#seen.set(mark, revision);
  }

  /** The store went back to what it was when so many acts were acknowledged. Gives how many are lost. */
  lose(kept: number): number {
    this.life++;
    const lost = this.acts.slice(kept).filter((act) => act.lost === Number.POSITIVE_INFINITY);
    for (const act of lost) {
      act.lost = this.life;
      const item = this.items.get(act.item);
      if (!item) continue;
      item.acts = item.acts.filter((other) => other !== act);
      if (item.acts.length === 0) this.items.delete(act.item);
    }
    return lost.length;
  }

  /** How many numbers of an edition's log stand for another commit than they did. */
  reused(): number {
    const marks = new Map<string, Set<string>>();
    for (const { edition, seq, mark } of this.acts)
      if (seq > 0) marks.getOrInsertComputed(`${edition} ${seq}`, () => new Set()).add(mark);
    return [...marks.values()].filter((of) => of.size > 1).length;
  }

  /**
   * What an item was from revision to revision, up to now. A revision that nobody asked for is the end of a pin, or one
   * whose acknowledgement is still on its way.
   */
  versions(number: number, now = Date.now()): Version[] {
    const item = this.items.get(number);
    const versions: Version[] = [];
    for (const act of item?.acts.toSorted((a, b) => a.seq - b.seq) ?? []) {
      const last = versions.at(-1);
      const revision = act.revision ?? this.#seen.get(act.mark) ?? (last?.revision ?? 0) + 1;
      if (revision - (last?.revision ?? 0) === 2 && last?.pinnedUntil !== undefined)
        versions.push({ ...last, revision: revision - 1, pinnedUntil: undefined });
      versions.push(after(versions.at(-1), act, revision));
    }
    const last = versions.at(-1);
    if (last?.state === 'published' && last.pinnedUntil !== undefined && last.pinnedUntil <= now)
      versions.push({ ...last, revision: last.revision + 1, pinnedUntil: undefined });
    return versions;
  }

  /** Items of which the acknowledgements, all told, contradict each other. */
  contradictions(): string[] {
    return [...this.items.keys()].flatMap((number) => {
      const revisions = this.versions(number).map(({ revision }) => revision);
      const wrong = revisions.some((revision, at) => revision !== at + 1);
      return wrong ? [`item ${number} was acknowledged in the revisions ${revisions.join(', ')}`] : [];
    });
  }
}

function after(before: Version | undefined, act: Act, revision: number): Version {
  const base: Version = before ?? { revision: 0, state: 'published', headline: '', tags: [] };
  const { headline = base.headline, tags = base.tags, section } = act.fields ?? {};
  const next = {
    ...base,
    revision,
    headline,
    tags,
    section: section === undefined ? base.section : (section ?? undefined),
  };
  switch (act.kind) {
    case 'hold':
      return { ...next, state: 'withheld' };
    case 'release':
      return { ...next, state: 'published' };
    case 'kill':
      return { revision, state: 'killed', headline: '', tags: [] };
    case 'pin':
      return { ...next, pinnedUntil: act.until };
    case 'unpin':
      return { ...next, pinnedUntil: undefined };
    default:
      return next;
  }
}
