import type { DatabaseSync } from 'node:sqlite';
import type { Outcome, Refused } from '../../engine.ts';
import { markAfter } from '../../engine.ts';
import { currentOf, type Step, type StoredItem } from '../step.ts';
import type { Editions } from './editions.ts';
import type { Asked } from './message.ts';
import { replayer } from './replay.ts';
import { itemById, shaped, viewName } from './stored.ts';

/** An item without its words: a check or a kill must work when those are damaged. */
type Bare = Omit<StoredItem, 'content' | 'amendments'> & { contentRevision: number };

/** One commit, inside the transaction that the caller has begun. */
export function committer(db: DatabaseSync, editions: Editions, logLength: number) {
  const replay = replayer(db);
  const findBare = db.prepare('SELECT * FROM item WHERE id = ?');
  const findItem = itemById(db);
  const addLog = db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)');
  const trimLog = db.prepare('DELETE FROM log WHERE edition = ? AND seq <= ?');
  const putItem = db.prepare('INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addRevision = db.prepare('INSERT INTO revision VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)');
  // To the same length: a row that keeps its size is overwritten where it is.
  const blankRevisions = db.prepare(
    `UPDATE revision SET content = printf('%*s', octet_length(content), ''),
       notice = printf('%*s', octet_length(notice), ''), nonce = printf('%*s', octet_length(nonce), '')
     WHERE item = ?`,
  );
  const addView = db.prepare('INSERT INTO view VALUES (?, ?, ?, ?)');
  const leaveViews = db.prepare('DELETE FROM view WHERE item = ?');
  const addAudit = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addKey = db.prepare('INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');

  function current(id: string) {
    return shaped(id, findItem.get(id), currentOf);
  }

  function store(step: Step, before: Bare | undefined, revision: number, at: number): void {
    const killed = step.action === 'kill';
    const publishedAt = before?.publishedAt ?? (step.publishedAt === -1 ? at : step.publishedAt);
    const told = step.action === 'amend' && step.kind !== 'refile';
    const pinnedUntil = step.pinnedUntil === -1 ? (before?.pinnedUntil ?? 0) : step.pinnedUntil;
    putItem.run(
      step.id,
      step.edition,
      revision,
      step.state || (before?.state ?? 'published'),
      step.content ? revision : (before?.contentRevision ?? revision),
      publishedAt,
      told ? at : (before?.significantAt ?? publishedAt),
      at,
      killed ? 0 : pinnedUntil,
      killed ? step.notice : '',
    );
    const words = killed ? ['', '', ''] : [step.content, step.notice, step.nonce];
    if (killed) blankRevisions.run(step.id);
    addRevision.run(step.id, revision, step.action, step.kind, at, ...words);
    if (killed || step.content) leaveViews.run(step.id);
    if (step.content) {
      const views = step.tags
        .split(' ')
        .filter(Boolean)
        .map((tag) => viewName({ tag }));
      if (step.section) views.push(viewName({ section: step.section }));
      for (const name of new Set(views)) addView.run(step.edition, name, publishedAt, step.id);
    }
  }

  return ({ step, request }: Asked, bulk: boolean): Outcome => {
    const { edition, id } = step;
    const known = step.key && replay(edition, { name: step.key, request });
    if (known) return known;

    const now = Date.now();
    const before = findBare.get(id) as unknown as Bare | undefined;
    const reason = refusal(step, before, now);
    if (reason) return { done: false, reason, ...(reason !== 'missing' && { current: current(id) }) };

    const { epoch, seq: lastSeq, mark: prev } = editions.get(edition);
    const seq = lastSeq + 1;
    const revision = (before?.revision ?? 0) + 1;
    const mark = markAfter(prev, id, revision, step.digest);
    // A clock that was set back must not make a revision older than the one before it.
    const at = Math.max(now, before?.revisedAt ?? 0);
    addLog.run(edition, seq, prev, mark, id, revision, bulk ? 1 : 0);
    trimLog.run(edition, seq - logLength);
    editions.advance(edition, seq, mark);
    store(step, before, revision, at);
    addAudit.run(edition, seq, at, step.actor, step.action, id, revision, step.from, step.digest);
    if (step.key) addKey.run(edition, step.key, now, step.requestDigest, id, revision, epoch, seq, mark);
    const position = { epoch, seq, mark };
    return { done: true, replayed: false, id, revision, position, current: current(id) };
  };
}

function refusal(step: Step, before: Bare | undefined, now: number): Refused['reason'] | undefined {
  if (step.action === 'publish') {
    if (before) return before.state === 'killed' ? 'killed' : 'exists';
    return undefined;
  }
  if (before?.edition !== step.edition) return 'missing';
  if (before.state === 'killed') return 'killed';
  if (step.expects !== -1 && step.expects !== before.revision) return 'conflict';
  if (step.notBefore !== -1 && now < step.notBefore) return 'early';
  return undefined;
}
