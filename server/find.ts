import { ItemId } from '../shared/item.ts';
import { type Current, type Engine, editionOf } from './engine.ts';
import type { NewsroomFile } from './newsroom-file.ts';

/**
 * What has the id, which may be any text. Of an edition that newsroom.json no longer has, nothing is within reach: the
 * same on every engine, and for readers as for the newsroom, who could not kill what readers can still see.
 */
export async function findItem(
  { engine, file }: { engine: Engine; file: NewsroomFile },
  id: string,
): Promise<Current | undefined> {
  const current = ItemId.safeParse(id).success ? await engine.find(id) : undefined;
  return current && file.editions.has(editionOf(current)) ? current : undefined;
}
