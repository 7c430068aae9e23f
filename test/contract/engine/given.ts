import { v7 } from 'uuid';
import { expect } from 'vitest';
import type { Act, Change, Committed, Engine, Entry, Outcome, Publish, Refused } from '../../../server/engine.ts';
import type { Content, Item, Tombstone } from '../../../shared/item.ts';
import { isTombstone } from '../../../shared/item.ts';

export const EDITION = 'en';
export const AUDIT = { actor: 'chief@example.org', from: 'desk' };

export type Key = { name: string; request: string };

export function content(fields: Partial<Content> = {}): Content {
  return { headline: 'Parliament votes on the budget', tags: [], sources: [], urgency: 5, ...fields };
}

export function tag(name: string): { slug: string; name: string } {
  return { slug: name.toLowerCase(), name };
}

export function changeOf(id: string, act: Act, key?: Key, edition = EDITION): Change {
  return { ...act, edition, id, key, audit: AUDIT };
}

export function publishOf(fields: Partial<Content> = {}, publishedAt?: number, id: string = v7()): Change & Publish {
  const act: Publish = {
    action: 'publish',
    content: content(fields),
    ...(publishedAt !== undefined && { publishedAt }),
  };
  return { ...act, edition: EDITION, id, audit: AUDIT };
}

/** Commits and insists that it was done. */
export async function commit(engine: Engine, id: string, act: Act, key?: Key, edition = EDITION): Promise<Committed> {
  const outcome = await engine.commit(changeOf(id, act, key, edition));
  if (!outcome.done) throw new Error(`the ${act.action} was refused: ${outcome.reason}`);
  return outcome;
}

export async function publish(
  engine: Engine,
  fields: Partial<Content> = {},
  { publishedAt, edition = EDITION, id = v7() }: { publishedAt?: number; edition?: string; id?: string } = {},
): Promise<Committed> {
  const change = publishOf(fields, publishedAt, id);
  return commit(engine, id, change, undefined, edition);
}

export function amendment(expects: number, fields: Partial<Content> = {}, notice?: string): Act {
  const kind = notice === undefined ? 'update' : 'correction';
  return { action: 'amend', expects, content: content(fields), kind, notice };
}

/** Insists that the change was refused. */
export async function refusal(outcome: Promise<Outcome>): Promise<Refused> {
  const refused = await outcome;
  if (refused.done) throw new Error(`was not refused, but became revision ${refused.revision}`);
  return refused;
}

export function itemOf(committed: Committed): Item {
  if (committed.current.state === 'killed') throw new Error('the item is killed');
  return committed.current.item;
}

export function tombstoneOf(committed: Committed): Tombstone {
  if (committed.current.state !== 'killed') throw new Error('the item is not killed');
  return committed.current.tombstone;
}

/** Everything that a reader or editor can see of an edition, to tell whether anything changed. */
export async function picture(engine: Engine, edition = EDITION): Promise<unknown> {
  const [cut, rows, audit] = [
    await engine.read(edition, undefined, 500),
    await engine.rows(edition, { limit: 100 }),
    await engine.audit(edition, 500),
  ];
  return { cut, rows, audit };
}

/** Headlines, with a tombstone as its notice in brackets. */
export async function rowTexts(engine: Engine, query: Parameters<Engine['rows']>[1], edition = EDITION) {
  const { items } = await engine.rows(edition, query);
  return items.map((row) => (isTombstone(row) ? `[${row.notice}]` : row.headline));
}

export function expectChained(entries: Entry[], firstPrev: string): void {
  let prev = firstPrev;
  for (const entry of entries) {
    expect(entry.prev).toBe(prev);
    expect(entry.mark).toMatch(/^[0-9a-f]{40}$/);
    prev = entry.mark;
  }
  expect(new Set(entries.map((entry) => entry.mark)).size).toBe(entries.length);
}

/** Until the clock shows another millisecond: times taken before and after then differ. */
export async function nextMillisecond(): Promise<void> {
  const start = Date.now();
  while (Date.now() < start + 2) await new Promise((done) => setTimeout(done, 1));
}
