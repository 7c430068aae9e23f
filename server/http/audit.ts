import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import * as z from 'zod';
import { unknownEdition } from '../arrival.ts';
import { auditLines, auditPage } from '../audit.ts';
import { valid } from '../errors.ts';
import { type Caller, permit } from '../newsroom.ts';
import type { NewsroomFile } from '../newsroom-file.ts';
import type { Parts } from '../parts.ts';
import { callerOf } from './caller.ts';
import type { Route } from './route.ts';

const whole = (max: number) => z.coerce.number().pipe(z.int().min(1).max(max));

export const AuditQuery = z.object({
  edition: z.string().optional(),
  before: whole(Number.MAX_SAFE_INTEGER).optional(),
  limit: whole(500).default(100),
});
const ExportQuery = z.object({ edition: z.string().optional() });

/** Who did what: in an edition, or without one to the newsroom's own side (staff, keys, sign-ins). */
export function auditRoutes({ engine, file }: Parts): Route[] {
  return [
    { method: 'get', path: '/v1/audit', permission: 'audit', surface: false, handle: page },
    { method: 'get', path: '/v1/audit/export', permission: 'audit', surface: false, handle: exported },
  ];

  async function page(request: Request, response: Response): Promise<void> {
    const query = valid(AuditQuery, request.query);
    permitAudit(file, callerOf(request, response), query.edition);
    response.json(await auditPage(engine, query));
  }

  async function exported(request: Request, response: Response): Promise<void> {
    const { edition } = valid(ExportQuery, request.query);
    permitAudit(file, callerOf(request, response), edition);
    response.attachment(`audit-${edition ?? 'office'}.jsonl`);
    response.set('Content-Type', 'application/jsonl; charset=utf-8');
    if (request.method === 'HEAD') return void response.end();
    await pipeline(Readable.from(auditLines(engine, edition)), response);
  }
}

/** The newsroom's own side is seen by who is a chief of all of it. @throws Problem */
export function permitAudit(file: NewsroomFile, caller: Caller, edition: string | undefined): void {
  if (edition !== undefined && !file.editions.has(edition)) unknownEdition(edition);
  permit(caller, edition === undefined ? 'staff' : 'audit', edition ?? '*');
}
