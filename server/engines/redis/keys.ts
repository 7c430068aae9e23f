import { viewKey } from '../../view.ts';
import type { Step } from '../step.ts';

/** The keys of one edition. The part in braces puts them all in one cluster slot, so that one script may touch them. */
export interface Keys {
  /** Hash: epoch, seq, mark. */
  meta: string;
  /** Stream `<seq>-0`: id, revision, prev, mark, bulk. */
  log: string;
  /** Hash id -> packed fields, see `reply.ts`. */
  items: string;
  /** Hash `<id>:<revision>` -> packed nonce, action, content, kind, notice, pinnedUntil, at. A kill empties it. */
  revisions: string;
  /** Sorted set by publishedAt: published items and tombstones. */
  rows: string;
  /** Sorted set by publishedAt: those of the published items that are pinned. */
  pins: string;
  /** Stream `<seq>-0`, never trimmed. */
  audit: string;
  channel: string;
  /** `<id> <revision> <epoch> <seq> <mark> <digest of the request>`, for a week. */
  key(name: string): string;
  /** Sorted set by publishedAt: the published items of a tag or section. */
  view(view: string): string;
}

export function keysOf(prefix: string, edition: string): Keys {
  const start = `${prefix}:{${edition}}:`;
  return {
    meta: `${start}meta`,
    log: `${start}log`,
    items: `${start}items`,
    revisions: `${start}revisions`,
    rows: `${start}rows`,
    pins: `${start}pins`,
    audit: `${start}audit`,
    channel: `${start}announce`,
    key: (name) => `${start}key:${name}`,
    view: (view) => `${start}view:${view}`,
  };
}

/** The keys of the records: of all kinds in one cluster slot, since one script may change several. */
export interface RecordKeys {
  /** Stream `<seq>-0`, never trimmed. */
  acts: string;
  /** Sorted set of the ids of a kind by the time at which each record ends. */
  ids(kind: string): string;
  /** `<version> <JSON>` */
  record(kind: string, id: string): string;
}

export function recordKeys(prefix: string): RecordKeys {
  const start = `${prefix}:{records}:`;
  return {
    acts: `${start}acts`,
    ids: (kind) => `${start}ids:${kind}`,
    // Encoded, so that no kind and id are taken for another kind and id.
    record: (kind, id) => `${start}id:${encodeURIComponent(kind)}:${id}`,
  };
}

/** The views that a step's content puts its item in, joined with a space as the item keeps them. */
export function viewNames({ tags, section }: Step): string {
  const names = splitViews(tags).map((tag) => viewKey({ tag }));
  return [...names, ...(section ? [viewKey({ section })] : [])].join(' ');
}

export function splitViews(views: string): string[] {
  return views === '' ? [] : views.split(' ');
}
