import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Position } from '../../shared/position.ts';
import type {
  Announcement,
  AuditRow,
  Change,
  Current,
  Cut,
  Engine,
  IdempotencyKey,
  Outcome,
  Publish,
  Revisions,
  Rows,
  RowsQuery,
} from '../engine.ts';
import { EngineUnavailable } from '../engine.ts';
import { StartError } from '../errors.ts';
import type { Records, Stored, Write } from '../records.ts';
import { openForReading } from './embedded/database.ts';
import { explained } from './embedded/explained.ts';
import { Herald } from './embedded/herald.ts';
import type { RecordWrite } from './embedded/message.ts';
import { Reader, storedRecord } from './embedded/reader.ts';
import { WriterThread } from './embedded/thread.ts';
import { stepOf } from './step.ts';

export interface EmbeddedOptions {
  /** Made when it is not there. */
  dataDir: string;
  editions: string[];
  /** Entries kept in the log of each edition. */
  logLength: number;
}

/**
 * Opens the database `motograph.db` in the folder, or makes it.
 * @throws StartError
 */
export async function openEmbedded({ dataDir, editions, logLength }: EmbeddedOptions): Promise<Engine> {
  const file = join(resolve(dataDir), 'motograph.db');
  try {
    // Drafts and embargoed items are in it: for our own eyes only.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(`Cannot make the folder ${resolve(dataDir)}: ${message}. Make it or set DATA_DIR.`);
  }
  const writer = await WriterThread.open({ file, editions, logLength });
  try {
    return new EmbeddedEngine(file, writer, new Reader(explained(file, () => openForReading(file))));
  } catch (error) {
    await writer.close();
    throw new StartError((error as Error).message, { cause: error });
  }
}

/** One thread writes, this one reads: SQLite lets both go on at once, and a commit that waits for the disk stops no reader. */
class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  readonly records: Records;
  readonly #file: string;
  readonly #inode: number;
  readonly #writer: WriterThread;
  readonly #reader: Reader;
  readonly #herald: Herald;
  #closed = false;

  constructor(file: string, writer: WriterThread, reader: Reader) {
    this.#file = file;
    this.#inode = statSync(file).ino;
    this.#writer = writer;
    this.#reader = reader;
    this.#herald = new Herald(reader);
    this.records = {
      get: async (kind, id) => this.#read(() => reader.record(kind, id)),
      list: async (kind) => this.#read((): (Stored & { id: string })[] => reader.records(kind)),
      put: (kind, id, value, expects, lifeMs) =>
        writer.ask('put', { kind, id, value: JSON.stringify(value), expects, lifeMs }),
      take: async (kind, id) => {
        const taken = await writer.ask('take', { kind, id });
        return taken && storedRecord(taken);
      },
      increment: (kind, id, by, lifeMs) => writer.ask('increment', { kind, id, by, lifeMs }),
      change: (writes, act) => writer.ask('change', { writes: writes.map(recordWrite), act }),
      acts: async (limit, before) => this.#read(() => reader.acts(limit, before)),
    };
    writer.onAnswered(() => this.#herald.look());
  }

  async commit(change: Change): Promise<Outcome> {
    const [outcome] = await this.#commit([change], false);
    if (!outcome) throw new EngineUnavailable('The writer gave no answer.');
    return outcome;
  }

  commitBulk(changes: (Change & Publish)[]): Promise<Outcome[]> {
    return this.#commit(changes, true);
  }

  async known(edition: string, key: IdempotencyKey): Promise<Outcome | undefined> {
    return this.#read(() => this.#reader.known(edition, key));
  }

  read(edition: string, after: number | undefined, limit: number): Promise<Cut> {
    return this.#readKnown(edition, () => this.#reader.read(edition, after, limit));
  }

  rows(edition: string, query: RowsQuery): Promise<Rows> {
    return this.#readKnown(edition, () => this.#reader.rows(edition, query));
  }

  async find(id: string): Promise<Current | undefined> {
    return this.#read(() => this.#reader.find(id));
  }

  async revisions(id: string): Promise<Revisions | undefined> {
    return this.#read(() => this.#reader.revisions(id));
  }

  rotate(edition: string, seen: Position): Promise<string> {
    return this.#writer.ask('rotate', { edition, seen });
  }

  async subscribe(edition: string, listener: (announced: Announcement) => void): Promise<() => void> {
    await this.#readKnown(edition, () => this.#reader.head(edition));
    return this.#read(() => this.#herald.subscribe(edition, listener));
  }

  async audit(edition: string, limit: number, before?: number): Promise<AuditRow[]> {
    return this.#read(() => this.#reader.audit(edition, limit, before));
  }

  /** The head on disk is looked at ten times a second, by this process itself. */
  hears(): boolean {
    return true;
  }

  async durability(): Promise<string> {
    // The open file would take commits to the end, and lose them all with the last process that has it open.
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode)
      throw new EngineUnavailable(`The database file ${this.#file} was taken away. Restart the service.`);
    return this.#writer.durability();
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#herald.close();
      // Before the writer: the connection that closes last clears the write-ahead log away, which a reader may not.
      this.#reader.close();
    }
    await this.#writer.close();
  }

  #commit(changes: Change[], bulk: boolean): Promise<Outcome[]> {
    const asked = changes.map((change) => ({ step: stepOf(change), request: change.key?.request ?? '' }));
    return this.#writer.ask('commit', { asked, bulk });
  }

  async #readKnown<T>(edition: string, work: () => T | undefined): Promise<T> {
    let found = this.#read(work);
    if (found === undefined) {
      await this.#writer.ask('know', { edition });
      found = this.#read(work);
    }
    if (found === undefined) throw new EngineUnavailable(`The database has no log of edition ${edition}.`);
    return found;
  }

  #read<T>(work: () => T): T {
    if (this.#closed) throw new EngineUnavailable('The database is closed.');
    try {
      return work();
    } catch (error) {
      if (error instanceof EngineUnavailable) throw error;
      throw new EngineUnavailable(`Cannot read the database ${this.#file}: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }
}

function recordWrite({ kind, id, expects, value, lifeMs }: Write): RecordWrite {
  return { kind, id, expects, value: JSON.stringify(value), lifeMs };
}
