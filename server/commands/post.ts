import { randomUUID } from 'node:crypto';
import { EngineUnavailable } from '../engine.ts';
import { Problem } from '../errors.ts';
import { findItem } from '../find.ts';
import type { Caller, Done } from '../newsroom.ts';
import type { Office } from '../office.ts';
import { operator, print, say, storeOf, withOffice } from './office.ts';

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
  const { key, ...rest } = options;
  return command(key, ({ newsroom }, caller) =>
    newsroom.publish(caller, { edition, ...fields({ ...rest, headline }) }),
  );
}

export interface AmendOptions extends FieldOptions {
  kind: string;
  notice?: string;
  revision?: number;
  key?: string;
}

/** Without `--revision` it amends what the item is now. */
export function amend(id: string, { kind, notice, revision, key, ...options }: AmendOptions): Promise<void> {
  return command(key, async (office, caller) => {
    const body = { kind, changes: fields(options), notice, revision: revision ?? (await revisionOf(office, id)) };
    return office.newsroom.amend(caller, id, body);
  });
}

export function hold(id: string, { key }: { key?: string }): Promise<void> {
  return command(key, ({ newsroom }, caller) => newsroom.hold(caller, id, {}));
}

export function release(id: string, { key }: { key?: string }): Promise<void> {
  return command(key, ({ newsroom }, caller) => newsroom.release(caller, id, {}));
}

export function kill(id: string, { notice, key }: { notice: string; key?: string }): Promise<void> {
  return command(key, ({ newsroom }, caller) => newsroom.kill(caller, id, { notice }));
}

/** Runs under a key, so that it can be repeated when its outcome is unknown, and says which store it went to. */
function command(key: string | undefined, run: (office: Office, caller: Caller) => Promise<Done>): Promise<void> {
  return withOffice(async (office) => {
    const sure = key ?? randomUUID();
    try {
      const { replayed: _, ...done } = await run(office, operator(sure));
      print(done);
      say(`Done in ${storeOf(office.settings)}.`);
    } catch (error) {
      if (error instanceof EngineUnavailable) error.message += ` Here that is: --key ${sure}`;
      throw error;
    }
  });
}

async function revisionOf(office: Office, id: string): Promise<number> {
  const current = await findItem(office, id);
  if (!current) throw new Problem('unknown-item', `There is no item ${id}.`);
  return current.state === 'killed' ? current.tombstone.revision : current.item.revision;
}

function fields({ tag, source, ...rest }: FieldOptions): Record<string, unknown> {
  return { ...rest, ...(tag && { tags: tag }), ...(source && { sources: source }) };
}
