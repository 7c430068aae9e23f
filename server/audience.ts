import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock, Stop } from './clock.ts';
import type { Fanout } from './fanout.ts';
import type { Records } from './records.ts';
import { MOST_SENT } from './sent.ts';

const KIND = 'audience';
/** How often a node tells the others what has changed, and how long they believe it. */
const TELL_MS = 5_000;
const LIFE_MS = 15_000;

const count = z.int().min(0);
const SiteCount = z.object({ site: z.string(), readers: count });
const SentCount = z.object({ id: z.string(), revision: count, at: z.int(), readers: count, ms: count });
const EditionCounts = z.object({ sites: z.array(SiteCount), sent: z.array(SentCount) });
/** What a node tells: counts by edition, and nothing of any reader. */
const Told = z.record(z.string(), EditionCounts);
type EditionCounts = z.infer<typeof EditionCounts>;
type SentCount = z.infer<typeof SentCount>;

/** Over all nodes. */
export interface EditionAudience {
  id: string;
  readers: number;
  /** Those with most readers first. */
  sites: { site: string; readers: number }[];
  /** The newest first. */
  sent: (Omit<SentCount, 'at'> & { at: string })[];
}

export interface AudienceParts {
  records: Pick<Records, 'get' | 'put' | 'list'>;
  fanout: Fanout;
  editions: readonly string[];
  clock: Clock;
}

/** Who reads now, over all nodes: each keeps a record of its own counts, which ends by itself when the node does. */
export class Audience {
  readonly #parts: AudienceParts;
  readonly #node = randomUUID();
  readonly #stop: Stop;
  #told = '';
  #toldAt = 0;
  #telling: Promise<void> | undefined;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
    this.#stop = parts.clock.every(TELL_MS, () => {
      this.#telling ??= this.#tell().finally(() => {
        this.#telling = undefined;
      });
    });
  }

  /** This node as it is now, the others as they last told. The edition with most readers first. */
  async now(): Promise<{ editions: EditionAudience[]; nodes: number }> {
    const records = await this.#parts.records.list(KIND);
    // A node of another version may tell it in another way.
    const others = records.filter(({ id }) => id !== this.#node).map(({ value }) => Told.safeParse(value).data ?? {});
    const nodes = [this.#own(), ...others];
    const editions = this.#parts.editions.map((id) =>
      summed(
        id,
        nodes.flatMap((told) => told[id] ?? []),
      ),
    );
    return { editions: editions.sort((a, b) => b.readers - a.readers), nodes: nodes.length };
  }

  /** Takes back what this node told, so that readers who went on to another one are not counted here as well. */
  async close(): Promise<void> {
    this.#stop();
    await this.#telling;
    if (this.#told !== '') await this.#put({}, 1).catch(() => {});
  }

  /** What cannot be told now is told next time, and the others believe no number for long. */
  async #tell(): Promise<void> {
    const now = this.#parts.clock.now();
    const own = this.#own();
    const words = JSON.stringify(own);
    if (words === this.#told && now - this.#toldAt < LIFE_MS - TELL_MS) return;
    await this.#put(own, LIFE_MS).then(
      () => {
        this.#told = words;
        this.#toldAt = now;
      },
      () => {},
    );
  }

  async #put(told: Record<string, EditionCounts>, lifeMs: number): Promise<void> {
    const { records } = this.#parts;
    const before = await records.get(KIND, this.#node);
    await records.put(KIND, this.#node, told, before?.version ?? 0, lifeMs);
  }

  #own(): Record<string, EditionCounts> {
    const { editions, fanout } = this.#parts;
    return Object.fromEntries(editions.map((id) => [id, fanout.audience(id)]));
  }
}

function summed(id: string, nodes: readonly EditionCounts[]): EditionAudience {
  const readers = new Map<string, number>();
  const sent = new Map<string, SentCount>();
  for (const node of nodes) {
    for (const { site, readers: more } of node.sites) readers.set(site, (readers.get(site) ?? 0) + more);
    for (const entry of node.sent) {
      const key = `${entry.id} ${entry.revision}`;
      sent.set(key, added(sent.get(key), entry));
    }
  }
  const sites = [...readers].map(([site, count]) => ({ site, readers: count }));
  return {
    id,
    readers: sites.reduce((sum, site) => sum + site.readers, 0),
    sites: sites.sort((a, b) => b.readers - a.readers || (a.site < b.site ? -1 : 1)),
    sent: [...sent.values()]
      .sort((a, b) => b.at - a.at)
      .slice(0, MOST_SENT)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
  };
}

function added(one: SentCount | undefined, other: SentCount): SentCount {
  if (!one) return other;
  const readers = one.readers + other.readers;
  return { ...one, at: Math.min(one.at, other.at), readers, ms: Math.max(one.ms, other.ms) };
}
