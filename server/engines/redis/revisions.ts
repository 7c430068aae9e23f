import { type Act, EngineUnavailable, type Revision, type Revisions } from '../../engine.ts';
import { currentOf, revisionOf } from '../step.ts';
import { type Fields, storedOf } from './reply.ts';

type RevisionReply = [action: Act['action'], content: string, kind: string, notice: string, at: string];

export type RevisionsReply = [item: Fields, revisions: (RevisionReply | null)[]];

/** @throws EngineUnavailable when a revision is lost */
export function revisionsOf(edition: string, id: string, [item, replies]: RevisionsReply): Revisions {
  const revisions = replies.map((reply, at): Revision => {
    if (!reply)
      throw new EngineUnavailable(`Redis has lost revision ${at + 1} of item ${id}: see that it evicts nothing.`);
    const [action, content, kind, notice, time] = reply;
    return revisionOf({ revision: at + 1, action, content, notice, at: Number(time), kind: kind && JSON.parse(kind) });
  });
  return { current: currentOf(storedOf(edition, id, item)), revisions };
}
