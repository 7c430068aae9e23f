import type { DatabaseSync } from 'node:sqlite';
import { EngineUnavailable } from '../../engine.ts';
import type { Commands, RecordRow, RecordWrite } from './message.ts';

type Row = RecordRow & { ends: number | null };

/** The writes to the records, each inside the transaction that the caller has begun. */
export function recordWriter(db: DatabaseSync) {
  const sweep = db.prepare('DELETE FROM record WHERE ends <= ?');
  const findRow = db.prepare('SELECT version, value, ends FROM record WHERE kind = ? AND id = ?');
  const putRow = db.prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)');
  const removeRow = db.prepare('DELETE FROM record WHERE kind = ? AND id = ?');
  const addAct = db.prepare('INSERT INTO act VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');

  /** What has ended is as if it had never been, so it goes before anything is looked at. */
  function started(): number {
    const now = Date.now();
    sweep.run(now);
    return now;
  }

  function find(kind: string, id: string): Row | undefined {
    return findRow.get(kind, id) as unknown as Row | undefined;
  }

  function isAsExpected({ kind, id, expects }: RecordWrite): boolean {
    return (find(kind, id)?.version ?? 0) === expects;
  }

  function write({ kind, id, expects, value, lifeMs }: RecordWrite, now: number): void {
    if (value === undefined) removeRow.run(kind, id);
    else putRow.run(kind, id, expects + 1, value, lifeMs === undefined ? null : now + Math.ceil(lifeMs));
  }

  return {
    put(asked: Commands['put']['with']): boolean {
      const now = started();
      const expected = isAsExpected(asked);
      if (expected) write(asked, now);
      return expected;
    },

    take({ kind, id }: Commands['take']['with']): RecordRow | undefined {
      started();
      const found = find(kind, id);
      if (!found) return undefined;
      removeRow.run(kind, id);
      return { version: found.version, value: found.value };
    },

    increment({ kind, id, by, lifeMs }: Commands['increment']['with']): Commands['increment']['answer'] {
      const now = started();
      const { version, value, ends } = find(kind, id) ?? { version: 0, value: '0', ends: null };
      const before = JSON.parse(value);
      if (!Number.isSafeInteger(before)) throw new EngineUnavailable(`Record ${id} of kind ${kind} is no counter.`);
      const endsAt = ends ?? now + Math.ceil(lifeMs);
      putRow.run(kind, id, version + 1, String(before + by), endsAt);
      return { count: before + by, leftMs: endsAt - now };
    },

    change({ writes, act }: Commands['change']['with']): boolean {
      const now = started();
      if (!writes.every(isAsExpected)) return false;
      for (const one of writes) write(one, now);
      addAct.run(now, act.actor, act.from, act.action, act.subject, JSON.stringify(act.editions), act.why ?? '');
      return true;
    },
  };
}
