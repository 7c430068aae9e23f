import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { Amendment, Content, Draft, GivenTime, type Item, Notice, type Tombstone } from '../shared/item.ts';
import type { Clock } from './clock.ts';
import { amendedContent, contentOf } from './content.ts';
import {
  type Act,
  type Change,
  type Committed,
  type Current,
  type Engine,
  editionOf,
  type IdempotencyKey,
  type Outcome,
  type Refused,
} from './engine.ts';
import { invalidFields, Problem, valid } from './errors.ts';
import { findItem } from './find.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import { type Actor, may, type Permission, roleFor } from './roles.ts';
import type { Seal } from './seal.ts';

/** Who asks, from where, and under which `Idempotency-Key`. */
export interface Caller {
  actor: Actor;
  from: string;
  key?: string | undefined;
}

/** What came of a command. `replayed`: the key was known, so nothing happened now. */
export interface Done {
  state: Current['state'];
  item?: Item;
  tombstone?: Tombstone;
  position: string;
  replayed: boolean;
}

const LONGEST_PIN_MS = 7 * 24 * 3600_000;

const revision = z.int().min(1).optional();
const Plain = z.strictObject({});
const AtRevision = z.strictObject({ revision });
const Kill = z.strictObject({ notice: Notice });
const Pin = z.strictObject({
  pinnedUntil: GivenTime,
  revision,
});

/**
 * The one door in. Each command takes a body from outside, checks it, checks the caller's right on the item itself,
 * and makes the change that the engine commits with its audit row. Everything refused is a `Problem`.
 */
export class Newsroom {
  readonly #engine: Engine;
  readonly #file: NewsroomFile;
  readonly #clock: Clock;
  readonly #seal: Seal;

  constructor(engine: Engine, file: NewsroomFile, clock: Clock, seal: Seal) {
    this.#engine = engine;
    this.#file = file;
    this.#clock = clock;
    this.#seal = seal;
  }

  async publish(caller: Caller, body: unknown): Promise<Done> {
    const { edition, ...written } = valid(Draft, body);
    permit(caller, 'publish', this.#known(edition));
    const act: Act = { action: 'publish', content: contentOf(this.#file, edition, written) };
    return this.#commit({
      ...act,
      edition,
      id: uuidv7(),
      key: keyOf(caller, 'publish', '', body),
      audit: auditOf(caller),
    });
  }

  async amend(caller: Caller, id: string, body: unknown): Promise<Done> {
    const { kind, changes, notice, revision } = valid(Amendment, body);
    return this.#change(caller, id, 'amend', body, (item) => {
      if (revision !== item.revision) throw stale(item);
      const content = amendedContent(this.#file, item, changes);
      const telling = kind === 'correction' || kind === 'clarification';
      if (!telling && JSON.stringify(content) === JSON.stringify(Content.parse(item)))
        throw invalidFields([
          { field: 'changes', message: `leave the item as it is; to ${kind} is to change something` },
        ]);
      return { action: 'amend', expects: revision, content, kind, notice };
    });
  }

  async hold(caller: Caller, id: string, body: unknown): Promise<Done> {
    valid(Plain, body);
    return this.#change(caller, id, 'hold', body, () => ({ action: 'hold' }));
  }

  async release(caller: Caller, id: string, body: unknown): Promise<Done> {
    const { revision } = valid(AtRevision, body);
    return this.#change(caller, id, 'release', body, (item, state) => {
      if (state !== 'withheld')
        throw new Problem('wrong-state', 'The item is not held, so there is nothing to release.');
      return { action: 'release', expects: revision ?? item.revision };
    });
  }

  async kill(caller: Caller, id: string, body: unknown): Promise<Done> {
    const { notice } = valid(Kill, body);
    return this.#change(caller, id, 'kill', body, () => ({ action: 'kill', notice }));
  }

  async pin(caller: Caller, id: string, body: unknown): Promise<Done> {
    const { pinnedUntil, revision } = valid(Pin, body);
    const until = Date.parse(pinnedUntil);
    return this.#change(caller, id, 'pin', body, (item, state) => {
      const now = this.#clock.now();
      if (until <= now) throw invalidFields([{ field: 'pinnedUntil', message: 'is not in the future' }]);
      if (until > now + LONGEST_PIN_MS)
        throw invalidFields([{ field: 'pinnedUntil', message: 'is more than 7 days away; a pin has a near end' }]);
      if (state !== 'published') throw new Problem('wrong-state', 'The item is held; release it before pinning it.');
      return { action: 'pin', expects: revision ?? item.revision, until };
    });
  }

  async unpin(caller: Caller, id: string, body: unknown): Promise<Done> {
    const { revision } = valid(AtRevision, body);
    return this.#change(caller, id, 'pin', body, (item) => {
      if (!item.pinnedUntil) throw new Problem('wrong-state', 'The item is not pinned.');
      return { action: 'unpin', expects: revision ?? item.revision };
    });
  }

  /** Ends a pin whose time has come. Several nodes may try at once: the item's revision lets one of them through. */
  async endPin(item: Item): Promise<void> {
    await this.#engine.commit({
      action: 'unpin',
      expects: item.revision,
      notBefore: Date.parse(item.pinnedUntil ?? ''),
      edition: item.edition,
      id: item.id,
      audit: { actor: 'motograph', from: 'clock' },
    });
  }

  /** A command on an item there is. A known key is answered even when the command could no longer be made. */
  async #change(
    caller: Caller,
    id: string,
    permission: Permission,
    body: unknown,
    make: (item: Item, state: 'published' | 'withheld') => Act,
  ): Promise<Done> {
    const current = await findItem({ engine: this.#engine, file: this.#file }, id);
    if (!current) throw unknownItem(id);
    const edition = editionOf(current);
    // That there is a held item is the newsroom's own knowledge.
    if (current.state === 'withheld' && !may(caller.actor, 'read', edition)) throw unknownItem(id);
    permit(caller, permission, edition);
    const key = keyOf(caller, permission, id, body);
    try {
      if (current.state === 'killed') throw killed(current.tombstone);
      const act = make(current.item, current.state);
      return await this.#commit({ ...act, edition, id, key, audit: auditOf(caller) });
    } catch (problem) {
      const known = problem instanceof Problem && key && (await this.#engine.known(edition, key));
      if (!known) throw problem;
      return this.#done(known);
    }
  }

  async #commit(change: Change): Promise<Done> {
    return this.#done(await this.#engine.commit(change));
  }

  #done(outcome: Outcome): Done {
    if (!outcome.done) throw refused(outcome);
    const { current, position, replayed }: Committed = outcome;
    return { ...current, position: this.#seal.format(position), replayed };
  }

  #known(edition: string): string {
    if (this.#file.editions.has(edition)) return edition;
    const ids = [...this.#file.editions.keys()].join(', ');
    throw new Problem('unknown-edition', `There is no edition "${edition.slice(0, 40)}"; there are ${ids}.`, {
      errors: [{ field: 'edition', message: `is not one of ${ids}` }],
    });
  }
}

/** @throws Problem `forbidden` */
export function permit({ actor }: Caller, permission: Permission, edition: string): void {
  if (may(actor, permission, edition)) return;
  const where = edition === '*' ? 'all editions' : `the edition "${edition}"`;
  throw new Problem('forbidden', `This (${permission}) needs the role ${roleFor(permission)} in ${where}.`);
}

function keyOf(caller: Caller, command: string, id: string, body: unknown): IdempotencyKey | undefined {
  if (caller.key === undefined) return undefined;
  return { name: `${caller.actor.id} ${caller.key}`, request: JSON.stringify([command, id, body ?? null]) };
}

function auditOf({ actor, from }: Caller): Change['audit'] {
  return { actor: actor.id, from };
}

function unknownItem(id: string): Problem {
  return new Problem('unknown-item', `There is no item ${id.slice(0, 40)}.`);
}

function refused({ reason, current }: Refused): Problem {
  if (current?.state === 'killed') return killed(current.tombstone);
  if (reason === 'reused') return new Problem('key-reused', 'Send a new Idempotency-Key with a new request.');
  if (reason === 'conflict' && current) return stale(current.item);
  return new Problem('wrong-state', `The store refused the change (${reason}). Look at the item again.`);
}

function stale(item: Item): Problem {
  const detail = `The item is at revision ${item.revision}. Look at it, then send the change again with that revision.`;
  return new Problem('stale-revision', detail, { item, errors: [{ field: 'revision', message: 'is stale' }] });
}

function killed(tombstone: Tombstone): Problem {
  return new Problem('killed', `The item was killed at ${tombstone.killedAt}, which is for ever.`, { tombstone });
}
