import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../../shared/position.ts';
import type { Current, Cut, Entry, IdempotencyKey, Outcome, Revisions, Rows, RowsQuery } from '../../engine.ts';
import type { Stored } from '../../records.ts';
import { currentOf, shownOf } from '../step.ts';
import { actReader, auditReader } from './audit.ts';
import { cutter } from './database.ts';
import type { RecordRow } from './message.ts';
import { replayer } from './replay.ts';
import { revisionReader } from './revisions.ts';
import { rowReader } from './rows.ts';
import { itemById, shaped } from './stored.ts';

type LogRow = {
  seq: number;
  prev: string;
  mark: string;
  item: string;
  revision: number;
  bulk: number;
  newest: number | null;
};

/** The reads, each of one moment. Undefined for an edition that the store does not know yet. */
export class Reader {
  readonly #db: DatabaseSync;
  readonly #inOneCut;
  readonly #dataVersion;
  readonly #head;
  readonly #log;
  readonly #item;
  readonly #rows;
  readonly #replay;
  readonly #revisions;
  readonly #record;
  readonly #records;
  readonly audit;
  readonly acts;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#inOneCut = cutter(db);
    this.#dataVersion = db.prepare('PRAGMA data_version');
    this.#head = db.prepare('SELECT epoch, seq, mark FROM edition WHERE name = ?');
    this.#log = db.prepare(
      `SELECT l.seq, l.prev, l.mark, l.item, l.revision, l.bulk, i.revision AS newest
       FROM log l LEFT JOIN item i ON i.id = l.item WHERE l.edition = ? AND l.seq > ? ORDER BY l.seq LIMIT ?`,
    );
    this.#item = itemById(db);
    this.#rows = rowReader(db);
    this.#replay = replayer(db);
    this.#revisions = revisionReader(db);
    this.audit = auditReader(db);
    this.acts = actReader(db);
    const lives = '(ends IS NULL OR ends > ?)';
    this.#record = db.prepare(`SELECT version, value FROM record WHERE kind = ? AND id = ? AND ${lives}`);
    this.#records = db.prepare(`SELECT id, version, value FROM record WHERE kind = ? AND ${lives} ORDER BY id`);
  }

  /** Another number whenever another connection has committed. */
  dataVersion(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  head(edition: string): Position | undefined {
    const found = this.#head.get(edition);
    return found && ({ ...found } as unknown as Position);
  }

  read(edition: string, after: number | undefined, limit: number): Cut | undefined {
    return this.#inOneCut(() => {
      const position = this.head(edition);
      if (!position) return undefined;
      const { epoch, ...head } = position;
      const rows = this.#log.all(edition, after ?? 0, limit) as unknown as LogRow[];
      return { epoch, head, entries: rows.map((row) => this.#entry(row)) };
    });
  }

  rows(edition: string, query: RowsQuery): Rows | undefined {
    return this.#inOneCut(() => {
      const position = this.head(edition);
      return position && { position, ...this.#rows(edition, query) };
    });
  }

  find(id: string): Current | undefined {
    const found = this.#item.get(id);
    return found && shaped(id, found, currentOf);
  }

  revisions(id: string): Revisions | undefined {
    return this.#inOneCut(() => {
      const current = this.find(id);
      return current && { current, revisions: current.state === 'killed' ? [] : this.#revisions(current.item) };
    });
  }

  known(edition: string, key: IdempotencyKey): Outcome | undefined {
    return this.#inOneCut(() => this.#replay(edition, key));
  }

  record(kind: string, id: string): Stored | undefined {
    const found = this.#record.get(kind, id, Date.now()) as unknown as RecordRow | undefined;
    return found && storedRecord(found);
  }

  records(kind: string): (Stored & { id: string })[] {
    const rows = this.#records.all(kind, Date.now()) as unknown as (RecordRow & { id: string })[];
    return rows.map(({ id, ...row }) => ({ id, ...storedRecord(row) }));
  }

  close(): void {
    this.#db.close();
  }

  #entry({ seq, prev, mark, item, revision, bulk, newest }: LogRow): Entry {
    const superseded = newest !== null && newest > revision;
    const shown = superseded ? undefined : shaped(item, this.#item.get(item), shownOf);
    return { seq, prev, mark, id: item, revision, bulk: bulk === 1, shown };
  }
}

export function storedRecord({ version, value }: RecordRow): Stored {
  return { version, value: JSON.parse(value) };
}
