import type { DatabaseSync } from 'node:sqlite';
import type { AuditRow } from '../../engine.ts';
import type { OfficeActRow } from '../../records.ts';

type StoredRow = Omit<AuditRow, 'at' | 'kind' | 'notice'> & {
  at: number;
  /** '' or null where there is none. */
  kind: AuditRow['kind'] | '' | null;
  notice: string | null;
};

type StoredAct = Omit<OfficeActRow, 'at' | 'editions' | 'why'> & { at: number; editions: string; why: string };

/** The rows hold no text: a notice is where it is for readers, and goes from here too when it goes there. */
export function auditReader(db: DatabaseSync) {
  const rows = db.prepare(
    `SELECT a.seq, a.at, a.actor, a.action, a.item AS id, a.revision, a.origin AS "from", a.digest, r.kind,
       CASE WHEN a.action = 'kill' THEN i.notice WHEN i.state = 'killed' THEN '' ELSE r.notice END AS notice
     FROM audit a
       LEFT JOIN item i ON i.id = a.item
       LEFT JOIN revision r ON r.item = a.item AND r.revision = a.revision
     WHERE a.edition = ? AND a.seq < ? ORDER BY a.seq DESC LIMIT ?`,
  );
  return (edition: string, limit: number, before = Number.MAX_SAFE_INTEGER): AuditRow[] =>
    (rows.all(edition, before, limit) as unknown as StoredRow[]).map(({ at, kind, notice, ...row }) => ({
      ...row,
      at: new Date(at).toISOString(),
      ...(kind && { kind }),
      ...(notice && { notice }),
    }));
}

export function actReader(db: DatabaseSync) {
  const acts = db.prepare(
    `SELECT seq, at, actor, origin AS "from", action, subject, editions, why
     FROM act WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  return (limit: number, before = Number.MAX_SAFE_INTEGER): OfficeActRow[] =>
    (acts.all(before, limit) as unknown as StoredAct[]).map(({ at, editions, why, ...act }) => ({
      ...act,
      at: new Date(at).toISOString(),
      editions: JSON.parse(editions),
      ...(why && { why }),
    }));
}
