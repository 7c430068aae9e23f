import type { Request, Response } from 'express';
import { auditPage as auditRows } from '../audit.ts';
import type { Current, Engine } from '../engine.ts';
import { valid } from '../errors.ts';
import { auditPage } from '../pages/desk/audit.ts';
import type { Parts } from '../parts.ts';
import { may } from '../roles.ts';
import { AuditQuery, permitAudit } from './audit.ts';
import { callerOf } from './caller.ts';
import { insideOf, namesNow } from './desk-inside.ts';

/** The page of who did what. It begins with the most that somebody may see. */
export async function deskAudit(parts: Parts, request: Request, response: Response): Promise<string> {
  const { file, engine } = parts;
  const caller = callerOf(request, response);
  const query = valid(AuditQuery, request.query);
  const allowed = [...file.editions.keys()].filter((id) => may(caller.actor, 'audit', id));
  const office = may(caller.actor, 'staff', '*');
  const edition = query.edition ?? (office ? undefined : allowed[0]);
  permitAudit(file, caller, edition);
  const { rows, before } = await auditRows(engine, { ...query, edition });
  const headlines = await headlinesOf(engine, new Set(rows.flatMap((row) => ('id' in row ? [row.id] : []))));
  return auditPage({
    ...(await insideOf(parts, request, response)),
    edition,
    allowed,
    office,
    rows: rows.map((row) => ('id' in row ? { ...row, headline: headlines.get(row.id) } : row)),
    names: await namesNow(parts),
    more: before !== undefined,
    paged: query.before !== undefined,
  });
}

/** What the items say today; of a killed one nothing is left. */
async function headlinesOf(engine: Engine, ids: Set<string>): Promise<Map<string, string | undefined>> {
  const found = await Promise.all([...ids].map(async (id) => [id, headlineOf(await engine.find(id))] as const));
  return new Map(found);
}

function headlineOf(current: Current | undefined): string | undefined {
  return current && current.state !== 'killed' ? current.item.headline : undefined;
}
