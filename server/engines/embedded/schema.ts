const ACT = `
  CREATE TABLE act (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    origin TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    editions TEXT NOT NULL,
    why TEXT NOT NULL
  ) STRICT;
`;

/** "Moto": tells our files from those of another program. */
export const APPLICATION_ID = 0x4d6f746f;
export const SCHEMA_VERSION = 3;

/**
 * Words are in `revision` only, and its rows are added at the end and never grow, shrink or go: a kill blanks them
 * in place. `secure_delete` alone would not do, since SQLite copies rows from page to page when a table grows or
 * shrinks in its middle, and a copy left behind that way is no deleted row to it. So nothing else may hold words: the
 * views have hashed names, and `item.notice` is the public notice of a kill. A record's value comes and goes with its
 * row, so that of what it was no more is certain than what `secure_delete` and an empty write-ahead log give.
 *
 * Times are epoch milliseconds.
 */
export const SCHEMA = `
  CREATE TABLE edition (
    name TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mark TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE item (
    id TEXT PRIMARY KEY,
    edition TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'withheld', 'killed')),
    contentRevision INTEGER NOT NULL,
    publishedAt INTEGER NOT NULL,
    significantAt INTEGER NOT NULL,
    revisedAt INTEGER NOT NULL,
    pinnedUntil INTEGER NOT NULL,
    notice TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX item_row ON item (edition, state, publishedAt, id);
  CREATE INDEX item_pinned ON item (edition, publishedAt, id) WHERE pinnedUntil > 0;

  CREATE TABLE revision (
    n INTEGER PRIMARY KEY,
    item TEXT NOT NULL,
    revision INTEGER NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    content TEXT NOT NULL,
    notice TEXT NOT NULL,
    nonce TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX revision_item ON revision (item, revision);

  CREATE TABLE view (
    edition TEXT NOT NULL,
    name TEXT NOT NULL,
    publishedAt INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (edition, name, publishedAt, item)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX view_item ON view (item);

  CREATE TABLE log (
    edition TEXT NOT NULL,
    seq INTEGER NOT NULL,
    prev TEXT NOT NULL,
    mark TEXT NOT NULL,
    item TEXT NOT NULL,
    revision INTEGER NOT NULL,
    bulk INTEGER NOT NULL,
    PRIMARY KEY (edition, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    edition TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    item TEXT NOT NULL,
    revision INTEGER NOT NULL,
    origin TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (edition, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE key (
    edition TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    requestDigest TEXT NOT NULL,
    item TEXT NOT NULL,
    revision INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (edition, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX key_age ON key (at);

  CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    ends INTEGER,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX record_end ON record (ends) WHERE ends IS NOT NULL;
  ${ACT}
`;

/** What makes a file of each older version one of the next. */
export const UPGRADES: Record<number, string> = {
  1: `
    ALTER TABLE record ADD COLUMN ends INTEGER;
    CREATE INDEX record_end ON record (ends) WHERE ends IS NOT NULL;
  `,
  2: `
    ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT '';
    ${ACT}
  `,
};
