import { createHmac, randomBytes } from 'node:crypto';
import type { AmendmentKind, Content, Item, Tombstone } from '../../shared/item.ts';
import type { Change, Current, Revision, Shown } from '../engine.ts';

/**
 * A change as the flat fields that one atomic step works on: the same for SQL and Lua, none of them JSON that the
 * store would have to read. An empty string or -1 means "leave it as it is".
 */
export interface Step {
  edition: string;
  id: string;
  action: Change['action'];
  /** -1: any revision; 0: the item must not exist. */
  expects: number;
  /** The state afterwards, or '' for the present one. */
  state: string;
  /** JSON of the content, or ''. */
  content: string;
  /** Slugs in order, joined with a space. Only meant together with `content`. */
  tags: string;
  section: string;
  /** Kind of the amendment, or ''. */
  kind: string;
  /** Notice of the amendment or of the kill, or ''. */
  notice: string;
  /** Epoch milliseconds, or -1 for the engine's time. */
  publishedAt: number;
  /** Epoch milliseconds, 0 to end the pin, -1 to leave it. */
  pinnedUntil: number;
  /** Epoch milliseconds, or -1. */
  notBefore: number;
  nonce: string;
  digest: string;
  /** Name of the idempotency key, or ''. */
  key: string;
  /** HMAC of the request under the nonce: once a kill has deleted the nonce, no guess can be confirmed by it. */
  requestDigest: string;
  actor: string;
  from: string;
}

const STATE_AFTER: Partial<Record<Change['action'], string>> = {
  publish: 'published',
  hold: 'withheld',
  release: 'published',
  kill: 'killed',
};

export function stepOf(change: Change): Step {
  const content = 'content' in change ? change.content : undefined;
  const nonce = randomBytes(16).toString('hex');
  const step: Step = {
    edition: change.edition,
    id: change.id,
    action: change.action,
    expects: change.action === 'publish' ? 0 : 'expects' in change ? change.expects : -1,
    state: STATE_AFTER[change.action] ?? '',
    content: content ? JSON.stringify(content) : '',
    tags: content?.tags.map((tag) => tag.slug).join(' ') ?? '',
    section: content?.section ?? '',
    kind: change.action === 'amend' ? change.kind : '',
    notice: ('notice' in change && change.notice) || '',
    publishedAt: (change.action === 'publish' ? change.publishedAt : undefined) ?? -1,
    pinnedUntil: change.action === 'pin' ? change.until : change.action === 'unpin' ? 0 : -1,
    notBefore: (change.action === 'unpin' && change.notBefore) || -1,
    nonce,
    digest: '',
    key: change.key?.name ?? '',
    requestDigest: change.key ? seal(nonce, change.key.request) : '',
    actor: change.audit.actor,
    from: change.audit.from,
  };
  step.digest = seal(nonce, JSON.stringify([step.action, step.content, step.kind, step.notice, step.pinnedUntil]));
  return step;
}

/** HMAC-SHA256 in hex. */
export function seal(nonce: string, text: string): string {
  return createHmac('sha256', nonce).update(text).digest('hex');
}

/** An item as a store keeps it. Times are epoch milliseconds. */
export interface StoredItem {
  id: string;
  edition: string;
  revision: number;
  state: string;
  /** JSON, '' once killed. */
  content: string;
  /** JSON of the amendments, `at` in epoch milliseconds, '' once killed. */
  amendments: string;
  publishedAt: number;
  significantAt: number;
  revisedAt: number;
  /** 0: not pinned. */
  pinnedUntil: number;
  /** The public notice of a kill, else ''. */
  notice: string;
}

/** A revision as a store keeps it. */
export interface StoredRevision {
  revision: number;
  action: Change['action'];
  /** Epoch milliseconds. */
  at: number;
  /** JSON, or '' where the words stayed as they were. */
  content: string;
  /** '' where there is none, as with the notice. */
  kind: AmendmentKind | '';
  notice: string;
}

export function revisionOf({ revision, action, at, content, kind, notice }: StoredRevision): Revision {
  return {
    revision,
    action,
    at: iso(at),
    ...(content && { content: JSON.parse(content) as Content }),
    ...(kind && { kind }),
    ...(notice && { notice }),
  };
}

export function currentOf(stored: StoredItem): Current {
  if (stored.state === 'killed') return { state: 'killed', tombstone: tombstoneOf(stored) };
  return { state: stored.state === 'withheld' ? 'withheld' : 'published', item: itemOf(stored) };
}

export function shownOf(stored: StoredItem): Shown {
  if (stored.state === 'withheld') return { state: 'withheld' };
  if (stored.state === 'killed') return { state: 'killed', tombstone: tombstoneOf(stored) };
  return { state: 'published', item: itemOf(stored) };
}

function itemOf(stored: StoredItem): Item {
  const amendments = JSON.parse(stored.amendments) as {
    revision: number;
    kind: 'update';
    at: number;
    notice?: string;
  }[];
  return {
    id: stored.id,
    edition: stored.edition,
    revision: stored.revision,
    ...JSON.parse(stored.content),
    publishedAt: iso(stored.publishedAt),
    significantAt: iso(stored.significantAt),
    revisedAt: iso(stored.revisedAt),
    ...(stored.pinnedUntil > 0 && { pinnedUntil: iso(stored.pinnedUntil) }),
    amendments: amendments.map((amendment) => ({ ...amendment, at: iso(amendment.at) })),
  };
}

function tombstoneOf(stored: StoredItem): Tombstone {
  return {
    id: stored.id,
    edition: stored.edition,
    revision: stored.revision,
    publishedAt: iso(stored.publishedAt),
    killedAt: iso(stored.revisedAt),
    notice: stored.notice,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
