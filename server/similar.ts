import type { Item } from '../shared/item.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Follow } from './follow.ts';
import { likeness, sameAddress, type Trigrams, trigramsOf } from './likeness.ts';
import { Recent } from './recent.ts';
import type { Tape } from './tape.ts';

/** Above it two headlines are mostly of one story. */
const LIKE = 0.5;
const MOST_FOUND = 3;

export interface Found {
  item: Item;
  why: 'url' | 'headline';
  /** Of the headlines, 0 to 1; 1 for the same address, which settles it. */
  similarity: number;
}

interface Known {
  item: Item;
  address: string | undefined;
  trigrams: Trigrams;
}

/** Finds what an edition has lately published of the same story, so that whoever writes of it is warned. */
export class Similar {
  readonly #recent: ReadonlyMap<string, Recent<Known>>;

  constructor(engine: Engine, editions: ReadonlyMap<string, { tape: Tape; follow: Follow }>, clock: Clock) {
    this.#recent = new Map(
      [...editions].map(([id, { tape, follow }]) => [id, new Recent({ engine, tape, follow, clock, make: knownOf })]),
    );
  }

  /** The edition's tape has changed. */
  moved(edition: string): void {
    this.#recent.get(edition)?.moved();
  }

  /** The best first. @throws EngineUnavailable */
  async find(edition: string, { headline, url }: { headline: string; url: string }): Promise<Found[]> {
    const [trigrams, address] = [trigramsOf(headline), sameAddress(url)];
    const all = (await this.#recent.get(edition)?.all()) ?? [];
    return all
      .flatMap((known): Found[] => {
        if (address !== undefined && known.address === address)
          return [{ item: known.item, why: 'url', similarity: 1 }];
        const similarity = likeness(trigrams, known.trigrams);
        return similarity > LIKE ? [{ item: known.item, why: 'headline', similarity }] : [];
      })
      .sort(bestFirst)
      .slice(0, MOST_FOUND);
  }
}

function knownOf(item: Item): Known {
  return { item, address: sameAddress(item.url), trigrams: trigramsOf(item.headline) };
}

function bestFirst(one: Found, other: Found): number {
  const byWhy = Number(other.why === 'url') - Number(one.why === 'url');
  return byWhy || other.similarity - one.similarity || other.item.publishedAt.localeCompare(one.item.publishedAt);
}
