import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Engine, EngineUnavailable } from '../../server/engine.ts';
import { openForWriting } from '../../server/engines/embedded/database.ts';
import { openEmbedded } from '../../server/engines/embedded.ts';
import { StartError } from '../../server/errors.ts';
import { amendment, changeOf, commit, content, EDITION, itemOf, publish, publishOf } from '../contract/engine/given.ts';
import { officeAct } from '../contract/records/given.ts';
import { type EmbeddedHarness, openEmbeddedHarness } from '../support/embedded.ts';

const SOON = { timeout: 2_000, interval: 10 };

let store: EmbeddedHarness;
let engine: Engine;
beforeEach(async () => {
  store = await openEmbeddedHarness({ logLength: 100 });
  engine = store.engine;
});
afterEach(() => store.close());

/** Runs SQL on the file as another process would. */
function inFile(sql: string): void {
  const db = new DatabaseSync(store.file, { timeout: 1_000 });
  db.exec(sql);
  db.close();
}

/** Pseudo-random numbers from 0 to 1, the same ones in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 2 ** 31;
  };
}

describe('a kill in the database file', () => {
  /** A reader of another process that stays in its transaction until told. */
  function holdReader(): () => void {
    const db = new DatabaseSync(store.file, { readOnly: true });
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM item').get();
    return () => db.close();
  }

  it('is acknowledged while another process reads, and clears the log away as soon as that ends', async () => {
    const { id } = await publish(engine, { headline: 'qkilled words' });
    const release = holdReader();
    await commit(engine, id, { action: 'kill', notice: 'N' });
    await commit(engine, (await publish(engine)).id, amendment(1));
    expect(await store.rawSearch('qkilled')).toContain(`${store.file}-wal`);
    release();
    await vi.waitFor(async () => expect(await store.rawSearch('qkilled')).toStrictEqual([]), SOON);
  });

  it('is cleared away by the next start when the process died before it could', async () => {
    const { id } = await publish(engine, { headline: 'qkilled words' });
    const release = holdReader();
    await commit(engine, id, { action: 'kill', notice: 'N' });
    const dataDir = join(store.dataDir, 'after-the-crash');
    mkdirSync(dataDir);
    for (const end of ['', '-wal']) copyFileSync(`${store.file}${end}`, join(dataDir, `motograph.db${end}`));
    release();
    const wal = join(dataDir, 'motograph.db-wal');
    expect(readFileSync(wal).includes('qkilled')).toBe(true);
    const reopened = await openEmbedded({ dataDir, editions: [EDITION], logLength: 100 });
    expect(await reopened.find(id)).toMatchObject({ state: 'killed' });
    expect(readFileSync(join(dataDir, 'motograph.db')).includes('qkilled')).toBe(false);
    expect(readFileSync(wal).includes('qkilled')).toBe(false);
    await reopened.close();
  });

  it('leaves no copy that SQLite made when it moved rows between pages', async () => {
    // With this seed one does stay when a kill deletes its rows, `secure_delete` or not.
    const random = seeded(15_838);
    const words = (at: number) => `qitem${at}x `.repeat(1 + random() * (random() < 0.05 ? 500 : 60));
    const alive: { id: string; at: number; revision: number }[] = [];
    const killed = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const fresh = Array.from({ length: 40 }, (_, at) => ({ id: v7(), at: round * 40 + at, revision: 1 }));
      await engine.commitBulk(fresh.map(({ id, at }) => publishOf({ summary: words(at) }, at, id)));
      alive.push(...fresh);
      const amended = alive.filter(() => random() < 0.05);
      const amend = ({ id, at, revision }: (typeof alive)[number]) =>
        commit(engine, id, amendment(revision, { summary: words(at) }));
      await Promise.all(amended.map(amend));
      for (const item of amended) item.revision += 1;
      const doomed = Array.from({ length: 15 }, () => alive.splice(random() * alive.length, 1)).flat();
      await Promise.all(doomed.map(({ id }) => commit(engine, id, { action: 'kill', notice: 'N' })));
      for (const { at } of doomed) killed.add(`qitem${at}x`);
    }
    const left = new Set(readFileSync(store.file, 'latin1').match(/qitem\d+x/g));
    expect(left.size).toBe(alive.length);
    expect([...killed].filter((word) => left.has(word))).toStrictEqual([]);
  });

  it('has words to clear in one table only, and takes the item out of the views', async () => {
    const tags = [
      { slug: 'qslug', name: 'Qname' },
      { slug: 'qslug', name: 'Qname again' },
    ];
    const db = new DatabaseSync(store.file, { readOnly: true });
    // A row that shrank would let SQLite move its neighbours.
    const sizes = db.prepare(
      `SELECT octet_length(content) AS content, octet_length(notice) AS notice, octet_length(nonce) AS nonce
       FROM revision WHERE action <> 'kill' ORDER BY n`,
    );
    const words = { headline: 'Qheadline', tags, section: 'qsection', byline: 'Qbyline' };
    const { id } = await publish(engine, words);
    await commit(engine, id, amendment(1, words, 'Qnotice'));
    for (const word of ['qslug', 'Qname', 'Qheadline', 'qsection', 'Qbyline', 'Qnotice']) {
      const places = await store.rawSearch(word);
      expect(places.filter((place) => !place.startsWith(store.file))).toStrictEqual(['revision']);
    }
    const before = sizes.all();
    await commit(engine, id, { action: 'kill', notice: 'N' });
    expect(sizes.all()).toStrictEqual(before);
    expect(db.prepare('SELECT * FROM view').all()).toStrictEqual([]);
    db.close();
  });

  it('leaves nothing of what a record was, either', async () => {
    await engine.records.put('key', 'a', 'qsecret of old, with some length', 0);
    await engine.records.put('key', 'a', 'new', 1);
    await store.reopen();
    expect(await store.rawSearch('qsecret')).toStrictEqual([]);
  });
});

describe('another process', () => {
  it('is heard within a fifth of a second, give or take a busy machine', async () => {
    const other = await store.another();
    const heard: number[] = [];
    await engine.subscribe(EDITION, () => heard.push(performance.now()));
    const took: number[] = [];
    for (let turn = 1; turn <= 5; turn++) {
      await publish(other);
      const committed = performance.now();
      await vi.waitFor(() => expect(heard).toHaveLength(turn), SOON);
      took.push((heard.at(-1) ?? 0) - committed);
    }
    expect(took.sort((a, b) => a - b)[2]).toBeLessThan(200);
  });

  it('may hold the database for a while without a commit being lost', async () => {
    const holder = new DatabaseSync(store.file);
    holder.exec('BEGIN IMMEDIATE');
    const pending = Promise.all([publish(engine), publish(engine)]);
    expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(0);
    await new Promise((done) => setTimeout(done, 150));
    holder.exec('ROLLBACK');
    holder.close();
    expect((await pending).map(({ position }) => position.seq)).toStrictEqual([1, 2]);
  });

  it('may open a new database at the same time', async () => {
    const dataDir = join(store.dataDir, 'new', 'folder');
    const open = () => openEmbedded({ dataDir, editions: [EDITION], logLength: 100 });
    const engines = await Promise.all([open(), open(), open()]);
    const cuts = await Promise.all(engines.map((one) => one.read(EDITION, undefined, 1)));
    expect(new Set(cuts.map(({ epoch }) => epoch)).size).toBe(1);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
    await Promise.all(engines.map((one) => one.close()));
  });
});

describe('opening', () => {
  let dataDir: string;
  let file: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'motograph-'));
    file = join(dataDir, 'motograph.db');
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  async function problem(dir = dataDir): Promise<string> {
    const error = await openEmbedded({ dataDir: dir, editions: [EDITION], logLength: 100 }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(error).toBeInstanceOf(StartError);
    return error?.message ?? '';
  }

  it('refuses a file that is no database', async () => {
    writeFileSync(file, 'These are notes, not a database. '.repeat(100));
    expect(await problem()).toBe(
      `Cannot open the database ${file}: file is not a database. Move it away or set DATA_DIR.`,
    );
    expect(readFileSync(file, 'utf8')).toMatch(/^These are notes/);
  });

  it('refuses the database of another program', async () => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE bookmark (url TEXT)');
    db.close();
    expect(await problem()).toBe(
      `Cannot open the database ${file}: it belongs to another program. Move it away or set DATA_DIR.`,
    );
  });

  it('refuses a database of a newer version', async () => {
    await (await openEmbedded({ dataDir, editions: [], logLength: 1 })).close();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(await problem()).toBe(
      `Cannot open the database ${file}: it was written by a newer version (schema 99). Update this one or set DATA_DIR.`,
    );
  });

  const TO_SECOND = 'DROP TABLE act; ALTER TABLE audit DROP COLUMN digest; PRAGMA user_version = 2';
  const TO_FIRST = 'DROP INDEX record_end; ALTER TABLE record DROP COLUMN ends; PRAGMA user_version = 1';

  it.each([
    ['first', `${TO_SECOND}; ${TO_FIRST}`],
    ['second', TO_SECOND],
  ])('brings a database of the %s version up to date, with what it holds', async (_, makeOlder) => {
    const older = await openEmbedded({ dataDir, editions: [EDITION], logLength: 10 });
    const { id } = await publish(older);
    await older.records.put('key', 'a', 'kept', 0);
    await older.close();
    const db = new DatabaseSync(file);
    const layout = () =>
      db
        .prepare('SELECT type, name FROM sqlite_schema ORDER BY name')
        .all()
        .concat(
          db
            .prepare(`SELECT t.name AS "table", c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
           WHERE t.type = 'table' ORDER BY 1, c.cid`)
            .all(),
        );
    const present = layout();
    db.exec(makeOlder);
    expect(layout()).not.toStrictEqual(present);
    const brought = await openEmbedded({ dataDir, editions: [EDITION], logLength: 10 });
    expect(layout()).toStrictEqual(present);
    db.close();
    expect(await brought.find(id)).toMatchObject({ item: { id } });
    expect(await brought.records.get('key', 'a')).toStrictEqual({ version: 1, value: 'kept' });
    expect(await brought.records.put('key', 'b', 'brief', 0, 60_000)).toBe(true);
    expect(await brought.records.change([], officeAct())).toBe(true);
    await commit(brought, id, { action: 'hold' });
    expect((await brought.audit(EDITION, 10)).map(({ action, digest }) => [action, digest.length])).toStrictEqual([
      ['hold', 64],
      ['publish', 0],
    ]);
    await brought.close();
  });

  it('refuses a folder where it cannot put a database', async () => {
    writeFileSync(join(dataDir, 'file'), '');
    const inFile = join(dataDir, 'file', 'data');
    expect(await problem(inFile)).toBe(
      `Cannot make the folder ${inFile}: ENOTDIR: not a directory, mkdir '${inFile}'. Make it or set DATA_DIR.`,
    );
    mkdirSync(file);
    expect(await problem()).toBe(
      `Cannot open the database ${file}: unable to open database file. Make its folder writable or set DATA_DIR.`,
    );
  });

  it('refuses a database that may only be read, and not its first headline', async () => {
    await (await openEmbedded({ dataDir, editions: [EDITION], logLength: 10 })).close();
    // The address says it, since root may write whatever a file's mode says.
    expect(() => openForWriting(`file:${file}?mode=ro`)).toThrow('attempt to write a readonly database');
  });

  it('refuses what was cut off or overwritten in its middle, or says so when asked for it', async () => {
    const first = await openEmbedded({ dataDir, editions: [EDITION], logLength: 1000 });
    await first.commitBulk(Array.from({ length: 200 }, () => publishOf({ headline: 'x'.repeat(300) })));
    await first.close();
    truncateSync(file, 3 * 4096);
    const opened = await openEmbedded({ dataDir, editions: [EDITION], logLength: 1000 }).catch((error) => error);
    if (opened instanceof Error) {
      expect(opened.message).toMatch(/^Cannot open the database .*malformed\. Move it away or set DATA_DIR\.$/);
      return;
    }
    await expect(opened.rows(EDITION, { limit: 10 })).rejects.toThrow(EngineUnavailable);
    await expect(publish(opened)).rejects.toThrow(EngineUnavailable);
    await opened.close();
  });
});

describe('a damaged item', () => {
  it('is named, stops nobody else, and goes with a kill', async () => {
    const { id } = await publish(engine, { headline: 'Damaged' });
    const sound = await publish(engine, { headline: 'Sound' });
    inFile(`UPDATE revision SET content = '{"headline":' WHERE item = '${id}'`);
    for (const asked of [
      () => engine.find(id),
      () => engine.revisions(id),
      () => engine.read(EDITION, undefined, 10),
      () => engine.rows(EDITION, { limit: 10 }),
      () => engine.commit(changeOf(id, { action: 'hold' })),
      () => engine.commitBulk([publishOf({ headline: 'Not alone' }), publishOf({}, undefined, id)]),
    ]) {
      const error = await asked().catch((error) => error);
      expect(error).toBeInstanceOf(EngineUnavailable);
      expect(error.message).toContain(`Item ${id} is damaged in the database: `);
    }
    // While the first is written, the others come to wait, and then share one transaction.
    const together = await Promise.allSettled([
      publish(engine),
      publish(engine),
      engine.commit(changeOf(id, { action: 'hold' })),
      publish(engine),
    ]);
    expect(together.map(({ status }) => status)).toStrictEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await engine.find(sound.id)).toStrictEqual(sound.current);
    const killed = await commit(engine, id, { action: 'kill', notice: 'N' });
    expect(killed).toMatchObject({ revision: 2, position: { seq: 6 } });
    expect((await engine.rows(EDITION, { limit: 10 })).items).toHaveLength(5);
    expect((await engine.read(EDITION, undefined, 10)).entries).toHaveLength(6);
  });

  it('is named when its words are lost altogether', async () => {
    const { id } = await publish(engine);
    inFile(`DELETE FROM revision WHERE item = '${id}'`);
    await expect(engine.find(id)).rejects.toThrow(`Item ${id} is damaged in the database: its words are lost`);
    inFile(`DELETE FROM item WHERE id = '${id}'`);
    const lost = `Item ${id} is damaged in the database: its row is lost`;
    await expect(engine.read(EDITION, undefined, 10)).rejects.toThrow(lost);
  });
});

describe('a damaged revision', () => {
  it('is named, and harms nothing but the history', async () => {
    const { id } = await publish(engine);
    const { current } = await commit(engine, id, amendment(1, { headline: 'Sound' }));
    inFile(`UPDATE revision SET content = '{' WHERE item = '${id}' AND revision = 1`);
    await expect(engine.revisions(id)).rejects.toThrow(`Item ${id} is damaged in the database: `);
    inFile(`DELETE FROM revision WHERE item = '${id}' AND revision = 1`);
    await expect(engine.revisions(id)).rejects.toThrow(`Item ${id} is damaged in the database: a revision is lost`);
    expect(await engine.find(id)).toStrictEqual(current);
  });
});

describe('time', () => {
  it('goes on from the last revision when the clock was set back', async () => {
    const { id } = await publish(engine);
    const future = Date.now() + 3_600_000;
    inFile(`UPDATE item SET revisedAt = ${future} WHERE id = '${id}'`);
    const amended = itemOf(await commit(engine, id, amendment(1)));
    expect(amended.revisedAt).toBe(new Date(future).toISOString());
    expect(amended.significantAt).toBe(amended.revisedAt);
  });

  it('forgets an idempotency key after a week', async () => {
    const act = { action: 'publish', content: content() } as const;
    const first = await commit(engine, v7(), act, { name: 'k', request: 'r' });
    inFile(`UPDATE key SET at = at - ${7 * 86_400_000 - 60_000}`);
    expect(await commit(engine, v7(), act, { name: 'k', request: 'r' })).toMatchObject({
      id: first.id,
      replayed: true,
    });
    inFile('UPDATE key SET at = at - 60001');
    expect(await commit(engine, v7(), act, { name: 'k', request: 'r' })).toMatchObject({ replayed: false });
    expect((await engine.read(EDITION, undefined, 10)).head.seq).toBe(2);
  });
});

describe('the end', () => {
  it('comes when every commit is answered, and lets nothing more in', async () => {
    const pending = Array.from({ length: 20 }, () => publish(engine));
    const closing = [engine.close(), engine.close()];
    await Promise.all(closing);
    expect((await Promise.all(pending)).map(({ position }) => position.seq)).toHaveLength(20);
    for (const asked of [
      () => publish(engine),
      () => engine.find(v7()),
      () => engine.read(EDITION, undefined, 1),
      () => engine.subscribe(EDITION, () => undefined),
      () => engine.records.put('kind', 'id', 1, 0),
      () => engine.durability(),
    ]) {
      await expect(asked()).rejects.toThrow(EngineUnavailable);
    }
    expect(() => statSync(`${store.file}-wal`)).toThrow('ENOENT');
    await store.reopen();
    expect((await store.engine.read(EDITION, undefined, 1)).head.seq).toBe(20);
  });

  it('of the writer thread alone is told to all who wait and to readiness', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    await publish(engine);
    const worker = posted.mock.contexts[0] as Worker;
    posted.mockRestore();
    const pending = Array.from({ length: 5 }, () => publish(engine));
    await Promise.all([worker.terminate(), ...pending.map((one) => one.catch(() => undefined))]);
    await expect(publish(engine)).rejects.toThrow("The database's thread does not work any more");
    await expect(engine.durability()).rejects.toThrow(EngineUnavailable);
    expect((await engine.read(EDITION, undefined, 10)).entries.length).toBeGreaterThanOrEqual(1);
  });
});

it('acknowledges what is on the disk', async () => {
  expect(await engine.durability()).toBe('sqlite-full');
});

it('is not ready once its file was taken away, though the open one still takes commits', async () => {
  await publish(engine);
  renameSync(store.file, `${store.file}.away`);
  await expect(engine.durability()).rejects.toThrow('was taken away');
  renameSync(`${store.file}.away`, store.file);
  expect(await engine.durability()).toBe('sqlite-full');
});

it('has announced a commit of its own before it acknowledges it', async () => {
  const heard: number[] = [];
  await engine.subscribe(EDITION, ({ seq }) => heard.push(seq));
  await publish(engine);
  expect(heard).toStrictEqual([1]);
  await engine.commitBulk([publishOf(), publishOf(), publishOf()]);
  expect(heard).toStrictEqual([1, 2, 3, 4]);
});

it('calls a listener no more once another one has stopped it', async () => {
  const heard: string[] = [];
  const stopped = { second: () => {} };
  await engine.subscribe(EDITION, () => {
    heard.push('first');
    stopped.second();
  });
  stopped.second = await engine.subscribe(EDITION, () => heard.push('second'));
  await publish(engine);
  expect(heard).toStrictEqual(['first']);
});
