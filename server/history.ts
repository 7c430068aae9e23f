import { type AmendmentKind, Content } from '../shared/item.ts';
import type { Revision } from './engine.ts';

/** A change of an item's words, as readers may know of it. */
export interface Change {
  revision: number;
  /** Null for the first publication. */
  kind: AmendmentKind | null;
  at: string;
  notice?: string;
  changes: FieldChange[];
}

/** Null: the field was not there. */
export interface FieldChange {
  field: keyof Content;
  before: unknown;
  after: unknown;
}

const FIELDS = Object.keys(Content.shape) as (keyof Content)[];
const NOTHING: Partial<Content> = { tags: [], sources: [] };

/**
 * What became of an item's words, the oldest change first. Each is told against what readers saw before it: words that
 * were amended again before a release have never been public, and are not made so here. Holds and pins change no words.
 */
export function historyOf(revisions: readonly Revision[]): Change[] {
  const history: Change[] = [];
  let seen = NOTHING;
  let unseen: { words: Content; change: Change } | undefined;
  let held = false;
  for (const { revision, action, at, content, kind = null, notice } of revisions) {
    if (content) {
      const change: Change = { revision, kind, at, ...(notice !== undefined && { notice }), changes: [] };
      history.push(change);
      unseen = { words: content, change };
    }
    held = action === 'hold' || (held && action !== 'release');
    if (held || !unseen) continue;
    unseen.change.changes = differences(seen, unseen.words);
    seen = unseen.words;
    unseen = undefined;
  }
  return history;
}

function differences(before: Partial<Content>, after: Content): FieldChange[] {
  return FIELDS.map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null })).filter(
    (change) => JSON.stringify(change.before) !== JSON.stringify(change.after),
  );
}
