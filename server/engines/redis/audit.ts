import type { AuditRow } from '../../engine.ts';

/** The rows of a stream that are older than the given one; all, when absent. A number below 1 is before the first. */
export function newestBefore(before: number | undefined): string {
  return before === undefined ? '+' : String(Math.max(before - 1, 0));
}

export type AuditReply = [
  seq: string,
  at: string,
  actor: string,
  action: AuditRow['action'],
  id: string,
  revision: string,
  from: string,
  kind: string,
  notice: string,
  digest: string,
];

export function auditRowOf([seq, at, actor, action, id, revision, from, kind, notice, digest]: AuditReply): AuditRow {
  return {
    seq: Number(seq),
    at: new Date(Number(at)).toISOString(),
    actor,
    action,
    id,
    revision: Number(revision),
    from,
    ...(kind && { kind: JSON.parse(kind) }),
    ...(notice && { notice }),
    digest,
  };
}
