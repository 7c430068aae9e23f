import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION, UPGRADES } from './schema.ts';

/** How long a process waits for another one's transaction. */
const BUSY_MS = 5_000;

export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    // First of all, since it makes SQLite look at the file.
    const version = pragma(db, 'user_version');
    if (version > SCHEMA_VERSION)
      throw new Error(`it was written by a newer version (schema ${version}). Update this one or set DATA_DIR.`);
    if (pragma(db, 'application_id') !== APPLICATION_ID && hasTables(db))
      throw new Error('it belongs to another program. Move it away or set DATA_DIR.');
    // `secure_delete` before the first table, so that no page ever escapes it.
    db.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL');
    if (db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode !== 'wal')
      throw new Error('its file system has no shared memory. Set DATA_DIR to a folder on a local disk.');
    bringUpToDate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** For a file that `openForWriting` has prepared. Read only, so that no read can ever hold up or be a write. */
export function openForReading(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
}

/** Makes what calls `work` in a transaction, so that all it reads is of one moment; ended however `work` ends. */
export function cutter(db: DatabaseSync): <T>(work: () => T) => T {
  const [begin, rollback] = [db.prepare('BEGIN'), db.prepare('ROLLBACK')];
  return (work) => {
    begin.run();
    try {
      return work();
    } finally {
      if (db.isTransaction) rollback.run();
    }
  };
}

export function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/** Two processes may open a new or an older file at once: whoever comes second finds the work done. */
function bringUpToDate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  const version = pragma(db, 'user_version');
  if (version === 0) db.exec(`${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}`);
  else for (let from = version; from < SCHEMA_VERSION; from++) db.exec(UPGRADES[from] ?? '');
  // Also where it says so already: in a file that may only be read a transaction begins, and the first write fails.
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  db.exec('COMMIT');
}

function hasTables(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined;
}
