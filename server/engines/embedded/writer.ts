import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { EngineUnavailable } from '../../engine.ts';
import { committer } from './commit.ts';
import { openForWriting, pragma } from './database.ts';
import { Editions } from './editions.ts';
import { explained } from './explained.ts';
import type { Answer, Command, CommandName, Commands, FromWriter, ToWriter, WriterSettings } from './message.ts';
import { recordWriter } from './records.ts';
import { WalEraser } from './wal.ts';

/** Commands that share one transaction at most: the first of them must not wait long for its answer. */
const BATCH = 500;
const KEY_LIFE_MS = 7 * 24 * 3600_000;

type Request = Exclude<ToWriter, 'close'>;

/** The writer thread. It answers a command only when its transaction is on the disk. */
class Writer {
  readonly #db: DatabaseSync;
  readonly #editions: Editions;
  readonly #commit;
  readonly #pruneKeys;
  readonly #records;
  readonly #wal: WalEraser;

  constructor({ file, editions, logLength }: WriterSettings) {
    this.#db = openForWriting(file);
    this.#editions = new Editions(this.#db);
    this.#commit = committer(this.#db, this.#editions, logLength);
    this.#pruneKeys = this.#db.prepare('DELETE FROM key WHERE at < ?');
    this.#records = recordWriter(this.#db);
    this.#wal = new WalEraser(this.#db);
    this.#inTransaction(() => {
      for (const edition of editions) this.#editions.get(edition);
    });
    // A process that died right after a kill could not do this any more.
    this.#wal.erase();
  }

  run(batch: Request[]): Answer[] {
    let forgets = false;
    try {
      const answers = this.#inTransaction(() => {
        this.#pruneKeys.run(Date.now() - KEY_LIFE_MS);
        return batch.map((request) => this.#attempt(request));
      });
      forgets = batch.some(({ command }, at) => forgot(command, answers[at]));
      return answers;
    } catch (error) {
      return batch.map(({ ask }) => ({ ask, problem: problemOf(error) }));
    } finally {
      if (forgets) this.#wal.erase();
    }
  }

  /** As found, not as asked for. */
  durability(): string {
    return pragma(this.#db, 'synchronous') >= 2 ? 'sqlite-full' : 'none';
  }

  close(): void {
    this.#wal.close();
    this.#db.close();
  }

  /** A command that fails takes nothing of the others with it. */
  #attempt({ ask, command }: Request): Answer {
    this.#db.exec('SAVEPOINT command');
    try {
      const answer = this.#do(command);
      this.#db.exec('RELEASE command');
      return { ask, answer };
    } catch (error) {
      // SQLite itself has ended the transaction (the disk is full): nothing of the batch can stand.
      if (!this.#db.isTransaction) throw error;
      this.#db.exec('ROLLBACK TO command; RELEASE command');
      return { ask, problem: problemOf(error) };
    }
  }

  #do(command: Command): Commands[CommandName]['answer'] {
    switch (command.name) {
      case 'commit':
        return command.with.asked.map((asked) => this.#commit(asked, command.with.bulk));
      case 'rotate':
        return this.#editions.rotate(command.with.edition, command.with.seen);
      case 'know':
        this.#editions.get(command.with.edition);
        return true;
      case 'put':
        return this.#records.put(command.with);
      case 'take':
        return this.#records.take(command.with);
      case 'increment':
        return this.#records.increment(command.with);
      case 'change':
        return this.#records.change(command.with);
    }
  }

  #inTransaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } finally {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    }
  }
}

function problemOf(error: unknown): string {
  const { message } = error as Error;
  return error instanceof EngineUnavailable ? message : `The database cannot take it: ${message}.`;
}

/** Whether something must now be found nowhere: a killed text, or the password hash in a record of before. */
function forgot(command: Command, given: Answer | undefined): boolean {
  const done = given !== undefined && 'answer' in given && given.answer;
  switch (command.name) {
    case 'commit':
      return command.with.asked.some(({ step }) => step.action === 'kill');
    case 'take':
      return Boolean(done);
    case 'change':
      return Boolean(done) && command.with.writes.some(({ expects }) => expects > 0);
    default:
      return false;
  }
}

function serve(port: MessagePort, writer: Writer): void {
  port.on('message', (first: ToWriter) => {
    const batch: Request[] = [];
    let next: ToWriter | undefined = first;
    while (next !== undefined && next !== 'close') {
      batch.push(next);
      next = batch.length < BATCH ? receiveMessageOnPort(port)?.message : undefined;
    }
    if (batch.length > 0) port.postMessage({ answers: writer.run(batch) } satisfies FromWriter);
    if (next !== 'close') return;
    writer.close();
    port.close();
  });
}

if (!parentPort) throw new Error('The writer runs as a worker thread only.');
try {
  const settings = workerData as WriterSettings;
  const writer = explained(settings.file, () => new Writer(settings));
  serve(parentPort, writer);
  parentPort.postMessage({ durability: writer.durability() } satisfies FromWriter);
} catch (error) {
  parentPort.postMessage({ refused: (error as Error).message } satisfies FromWriter);
}
