import type { AuditRow, Engine } from './engine.ts';
import type { OfficeActRow } from './records.ts';

/** Rows at a time, where all are wanted. */
const PAGE = 500;

export interface AuditPage {
  rows: (AuditRow | OfficeActRow)[];
  /** What to ask for to see what came before; absent: that was all. */
  before?: number;
}

/** Who did what, the newest first: in an edition, or without one to the newsroom's own side (staff, keys, sign-ins). */
export async function auditPage(
  engine: Engine,
  { edition, before, limit }: { edition?: string | undefined; before?: number | undefined; limit: number },
): Promise<AuditPage> {
  const found = await (edition === undefined
    ? engine.records.acts(limit + 1, before)
    : engine.audit(edition, limit + 1, before));
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, ...(found.length > limit && last && { before: last.seq }) };
}

/** All of it as JSON Lines, many at a time. */
export async function* auditLines(engine: Engine, edition: string | undefined): AsyncGenerator<string> {
  let page = await auditPage(engine, { edition, limit: PAGE });
  for (;;) {
    yield page.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (page.before === undefined) return;
    page = await auditPage(engine, { edition, before: page.before, limit: PAGE });
  }
}
