import { type Item, ItemId } from '../shared/item.ts';
import { type Current, type Engine, editionOf, type Revisions } from './engine.ts';
import { Problem } from './errors.ts';
import type { NewsroomFile } from './newsroom-file.ts';

interface Store {
  engine: Engine;
  file: NewsroomFile;
}

/**
 * What has the id, which may be any text. Of an edition that newsroom.json no longer has, nothing is within reach: the
 * same on every engine, and for readers as for the newsroom, who could not kill what readers can still see.
 */
export async function findItem({ engine, file }: Store, id: string): Promise<Current | undefined> {
  const current = ItemId.safeParse(id).success ? await engine.find(id) : undefined;
  return current && file.editions.has(editionOf(current)) ? current : undefined;
}

/** The same, with its revisions. */
export async function findRevisions({ engine, file }: Store, id: string): Promise<Revisions | undefined> {
  const found = ItemId.safeParse(id).success ? await engine.revisions(id) : undefined;
  return found && file.editions.has(editionOf(found.current)) ? found : undefined;
}

/** What was found, as far as readers may see it. @throws Problem */
export function published(current: Current | undefined, id: string): Item {
  if (current?.state === 'killed') {
    const { tombstone } = current;
    throw new Problem('killed', `The item was killed at ${tombstone.killedAt}.`, { tombstone });
  }
  // A held item looks like one that never was: that it exists is the newsroom's own knowledge.
  if (current?.state !== 'published') throw new Problem('unknown-item', `There is no item ${id.slice(0, 40)}.`);
  return current.item;
}
