import { describe } from 'vitest';
import { announceContract } from './engine/announce.ts';
import { auditContract } from './engine/audit.ts';
import { bulkContract } from './engine/bulk.ts';
import { commitContract } from './engine/commit.ts';
import { keyContract } from './engine/key.ts';
import { killContract } from './engine/kill.ts';
import { logContract } from './engine/log.ts';
import { refusalContract } from './engine/refusal.ts';
import { revisionsContract } from './engine/revisions.ts';
import { rotateContract } from './engine/rotate.ts';
import { rowsContract } from './engine/rows.ts';
import { textContract } from './engine/text.ts';
import { timeContract } from './engine/time.ts';
import type { Open } from './harness.ts';

/** What holds for every engine. */
export function engineContract(name: string, open: Open): void {
  describe(`${name} engine`, () => {
    describe('commit', () => commitContract(open));
    describe('time', () => timeContract(open));
    describe('texts', () => textContract(open));
    describe('refusals', () => refusalContract(open));
    describe('idempotency keys', () => keyContract(open));
    describe('log', () => logContract(open));
    describe('rotation', () => rotateContract(open));
    describe('announcements', () => announceContract(open));
    describe('bulk', () => bulkContract(open));
    describe('rows', () => rowsContract(open));
    describe('revisions', () => revisionsContract(open));
    describe('kill', () => killContract(open));
    describe('audit', () => auditContract(open));
  });
}
