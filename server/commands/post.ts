import { Problem } from '../errors.ts';
import type { Done } from '../newsroom.ts';
import { operator, print, withOffice } from './office.ts';

/** The options that `post` and `amend` share: one for each field of an item. */
export interface FieldOptions {
  headline?: string;
  url?: string;
  label?: string;
  tag?: string[];
  section?: string;
  summary?: string;
  byline?: string;
  dateline?: string;
  slugline?: string;
  source?: string[];
  urgency?: number;
}

export function post(edition: string, headline: string, options: FieldOptions & { key?: string }): Promise<void> {
  return withOffice(async ({ newsroom }) => {
    report(await newsroom.publish(operator(options.key), { edition, ...fields({ ...options, headline }) }));
  });
}

export interface AmendOptions extends FieldOptions {
  kind: string;
  notice?: string;
  revision?: number;
  key?: string;
}

/** Without `--revision` it amends what the item is now. */
export function amend(id: string, { kind, notice, revision, key, ...options }: AmendOptions): Promise<void> {
  return withOffice(async ({ engine, newsroom }) => {
    const body = { kind, changes: fields(options), notice, revision: revision ?? (await revisionOf(engine.find(id))) };
    report(await newsroom.amend(operator(key), id, body));
  });
}

export function kill(id: string, { notice, key }: { notice: string; key?: string }): Promise<void> {
  return withOffice(async ({ newsroom }) => {
    report(await newsroom.kill(operator(key), id, { notice }));
  });
}

async function revisionOf(found: ReturnType<import('../engine.ts').Engine['find']>): Promise<number> {
  const current = await found;
  if (!current) throw new Problem('unknown-item', 'There is no such item.');
  return current.state === 'killed' ? current.tombstone.revision : current.item.revision;
}

function fields({ tag, source, ...rest }: FieldOptions): Record<string, unknown> {
  return { ...rest, ...(tag && { tags: tag }), ...(source && { sources: source }) };
}

function report({ replayed: _, ...done }: Done): void {
  print(done);
}
