import type { Redis } from 'ioredis';
import { type Cut, type Engine, EngineUnavailable, type Entry, type Rows } from '../../engine.ts';
import { viewKey } from '../../view.ts';
import { currentOf, shownOf } from '../step.ts';
import { type AuditReply, auditRowOf, newestBefore } from './audit.ts';
import { unavailable } from './failure.ts';
import { newEpoch } from './input.ts';
import { keysOf } from './keys.ts';
import { type Fields, type Head, positionOf, storedOf } from './reply.ts';
import { type RevisionsReply, revisionsOf } from './revisions.ts';
import { AUDIT, ITEM, READ, REVISIONS, ROWS, run } from './script.ts';

/** Larger replies would keep Redis from everybody else for milliseconds. */
const PAGE = 500;

type EntryReply = [
  seq: string,
  id: string,
  revision: string,
  prev: string,
  mark: string,
  bulk: string,
  item: Fields | null,
];

type Reads = Pick<Engine, 'read' | 'rows' | 'find' | 'revisions' | 'audit'>;

export function createReads(prefix: string, editions: readonly string[], link: Redis): Reads {
  /** Reads again once the edition has an epoch: the scripts that read do not write, so that a full store can be read. */
  async function withEpoch<T>(edition: string, read: () => Promise<T | undefined>): Promise<T> {
    const first = await read();
    if (first) return first;
    await link.hsetnx(keysOf(prefix, edition).meta, 'epoch', newEpoch()).catch((error) => {
      throw unavailable(error);
    });
    const second = await read();
    if (second) return second;
    throw new EngineUnavailable(`Redis has lost edition ${edition}: see that it evicts nothing.`);
  }

  return {
    read(edition, after, limit) {
      const { meta, log, items } = keysOf(prefix, edition);
      return withEpoch(edition, async (): Promise<Cut | undefined> => {
        const from = after === undefined ? '-' : `(${after}-0`;
        const reply = await run(link, READ, [meta, log, items], [from, Math.min(limit, PAGE)]);
        const [head, entries] = reply as [Head, EntryReply[]];
        const position = positionOf(head);
        if (!position) return undefined;
        const { epoch, seq, mark } = position;
        return { epoch, head: { seq, mark }, entries: entries.map((entry) => entryOf(edition, entry)) };
      });
    },

    rows(edition, { limit, view, before }) {
      const keys = keysOf(prefix, edition);
      const source = view ? keys.view(viewKey(view)) : keys.rows;
      const place = before ? [Date.parse(before.publishedAt), before.id] : ['', ''];
      return withEpoch(edition, async (): Promise<Rows | undefined> => {
        const reply = await run(link, ROWS, [keys.meta, keys.items, keys.pins, source], [limit, ...place]);
        const [head, found, more] = reply as [Head, [id: string, item: Fields][], number];
        const position = positionOf(head);
        if (!position) return undefined;
        const current = found.map(([id, item]) => currentOf(storedOf(edition, id, item)));
        const listed = current.map((entry) => (entry.state === 'killed' ? entry.tombstone : entry.item));
        return { position, items: listed, more: more === 1 };
      });
    },

    async find(id) {
      const found = await Promise.all(
        editions.map(async (edition) => {
          const { items, revisions } = keysOf(prefix, edition);
          const [item] = (await run(link, ITEM, [items, revisions], [id, 0])) as [Fields | null];
          return item && storedOf(edition, id, item);
        }),
      );
      const stored = found.find((item) => item !== null);
      return stored && currentOf(stored);
    },

    async revisions(id) {
      const found = await Promise.all(
        editions.map(async (edition) => {
          const { items, revisions } = keysOf(prefix, edition);
          const reply = (await run(link, REVISIONS, [items, revisions], [id])) as RevisionsReply | null;
          return reply && revisionsOf(edition, id, reply);
        }),
      );
      return found.find((revisions) => revisions !== null);
    },

    async audit(edition, limit, before) {
      const { audit, items, revisions } = keysOf(prefix, edition);
      const rows = await run(link, AUDIT, [audit, items, revisions], [newestBefore(before), limit]);
      return (rows as AuditReply[]).map(auditRowOf);
    },
  };
}

function entryOf(edition: string, [seq, id, revision, prev, mark, bulk, item]: EntryReply): Entry {
  const shown = item ? shownOf(storedOf(edition, id, item)) : undefined;
  return { seq: Number(seq), prev, mark, id, revision: Number(revision), bulk: bulk === '1', shown };
}
