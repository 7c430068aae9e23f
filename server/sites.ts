import { DIRECT, OTHER, OWN } from './site.ts';

/** Anybody can make sites up, so only so many are told apart. */
const MOST_SITES = 200;

/** The readers of one site: one object that all of them share, and nothing of any of them. */
export interface Site {
  readonly site: string;
  readers: number;
}

/** The sites that an edition is read on. A site's place is free again when its last reader leaves. */
export class Sites {
  readonly #named = new Map<string, Site>();
  readonly #other: Site = { site: OTHER, readers: 0 };
  /** They take no place of a site, so that made-up sites cannot crowd them out. */
  readonly #unnamed = new Map([DIRECT, OWN].map((site): [string, Site] => [site, { site, readers: 0 }]));

  enter(name: string): Site {
    const site = this.#unnamed.get(name) ?? this.#named.get(name) ?? this.#place(name);
    site.readers++;
    return site;
  }

  leave(site: Site): void {
    site.readers--;
    if (site.readers === 0) this.#named.delete(site.site);
  }

  list(): Site[] {
    return [...this.#unnamed.values(), ...this.#named.values(), this.#other].filter(({ readers }) => readers > 0);
  }

  #place(name: string): Site {
    if (this.#named.size >= MOST_SITES) return this.#other;
    const site = { site: name, readers: 0 };
    this.#named.set(name, site);
    return site;
  }
}
