import { GENESIS, type Position } from '../../../shared/position.ts';
import type { StoredItem } from '../step.ts';

/**
 * An item as the scripts keep and send it: revision, state, publishedAt, significantAt, revisedAt, pinnedUntil,
 * content, amendments, notice, views. The scripts name the same places.
 */
export type Fields = string[];

/** epoch, seq, mark; each null in an edition that nothing was committed to. */
export type Head = [string | null, string | null, string | null];

export function storedOf(edition: string, id: string, fields: Fields): StoredItem {
  const [revision, state = '', publishedAt, significantAt, revisedAt, pinnedUntil, content = '', amendments = ''] =
    fields;
  return {
    id,
    edition,
    revision: Number(revision),
    state,
    content,
    amendments,
    publishedAt: Number(publishedAt),
    significantAt: Number(significantAt),
    revisedAt: Number(revisedAt),
    pinnedUntil: Number(pinnedUntil),
    notice: fields[8] ?? '',
  };
}

/** Undefined as long as the edition has no epoch. */
export function positionOf([epoch, seq, mark]: Head): Position | undefined {
  return epoch === null ? undefined : { epoch, seq: Number(seq ?? 0), mark: mark ?? GENESIS };
}
