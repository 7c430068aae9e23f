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

/** The keys of one kind of records, in a cluster slot of their own. */
export interface RecordKeys {
  /** Sorted set of ids by the time at which each record ends. */
  ids: string;
  /** `<version> <JSON>` */
  record(id: string): string;
}

export function recordKeys(prefix: string, kind: string): RecordKeys {
  const start = `${prefix}:{records:${kind}}:`;
  return { ids: `${start}ids`, record: (id) => `${start}id:${id}` };
}

/** The views that a step's content puts its item in, joined with a space as the item keeps them. */
export function viewNames({ tags, section }: Step): string {
  const names = splitViews(tags).map((tag) => viewKey({ tag }));
  return [...names, ...(section ? [viewKey({ section })] : [])].join(' ');
}

export function splitViews(views: string): string[] {
  return views === '' ? [] : views.split(' ');
}
