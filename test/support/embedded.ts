import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Engine } from '../../server/engine.ts';
import { openEmbedded } from '../../server/engines/embedded.ts';
import type { Harness, OpenOptions } from '../contract/harness.ts';

export interface EmbeddedHarness extends Harness {
  readonly dataDir: string;
  /** The database file. */
  readonly file: string;
}

export async function openEmbeddedHarness({ logLength }: OpenOptions): Promise<EmbeddedHarness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'motograph-'));
  const file = join(dataDir, 'motograph.db');
  const open = () => openEmbedded({ dataDir, editions: ['uk', 'en'], logLength });
  const others: Engine[] = [];
  let engine = await open();
  const closeAll = async () => {
    await Promise.all([engine, ...others.splice(0)].map((one) => one.close()));
  };
  return {
    dataDir,
    file,
    get engine() {
      return engine;
    },
    another: async () => {
      const other = await open();
      others.push(other);
      return other;
    },
    reopen: async () => {
      await closeAll();
      engine = await open();
      return engine;
    },
    rawSearch: async (text) => [...inBytes(file, text), ...inTables(file, text)],
    close: async () => {
      await closeAll();
      await rm(dataDir, { recursive: true });
    },
  };
}

function inBytes(file: string, text: string): string[] {
  const files = [file, `${file}-wal`, `${file}-shm`, `${file}-journal`].filter((path) => existsSync(path));
  return files.filter((path) => readFileSync(path).includes(text));
}

/** A long text is spread over pages, where the bytes alone would not show it. */
function inTables(file: string, text: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
    return tables
      .map(({ name }) => String(name))
      .filter((name) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all()).includes(text));
  } finally {
    db.close();
  }
}
