import { createHmac } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { Import } from '../shared/item.ts';
import type { Clock } from './clock.ts';
import { contentOf } from './content.ts';
import { type Change, type Engine, editionOf, type Outcome, type Publish } from './engine.ts';
import { invalidFields, Problem, valid } from './errors.ts';
import { type Caller, permit } from './newsroom.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import { storeSecret } from './secret.ts';

/** Up to this many new items reach readers one by one; more of them reach readers as one reset. */
export const SINGLY = 50;
/** How many items go into the store in one atomic step: a bound on how long the store does nothing else. */
const BULK = 2_000;

/** One line of a JSON Lines file, parsed. */
export interface Line {
  number: number;
  value: unknown;
}

export interface Imported {
  added: number;
  /** Already in the store, killed ones included. */
  known: number;
}

/**
 * Publishes items of the past, in the order of their times. Nothing is stored when one line is wrong. The same line
 * always gets the same id, so that a second run adds nothing and a killed item stays killed.
 *
 * @throws Problem naming the line and the field
 */
export async function importItems(
  { engine, file, clock }: { engine: Engine; file: NewsroomFile; clock: Clock },
  caller: Caller,
  lines: readonly Line[],
): Promise<Imported> {
  const secret = await storeSecret(engine.records, 'import');
  const changes = lines.map(({ number, value }) => onLine(number, () => changeOf(value)));
  await refuseTaken(engine, changes, lines);
  changes.sort((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0));
  const outcomes: Outcome[] = [];
  for (const edition of file.editions.keys())
    outcomes.push(...(await store(changes.filter((c) => c.edition === edition))));
  const added = outcomes.filter((outcome) => outcome.done).length;
  return { added, known: outcomes.length - added };

  function changeOf(line: unknown): Change & Publish {
    const { edition, id, publishedAt, ...written } = valid(Import, line);
    if (!file.editions.has(edition)) throw invalidFields([{ field: 'edition', message: `"${edition}" is unknown` }]);
    permit(caller, 'publish', edition);
    const time = Date.parse(publishedAt);
    if (time > clock.now()) throw invalidFields([{ field: 'publishedAt', message: 'is in the future' }]);
    if (time <= 0) throw invalidFields([{ field: 'publishedAt', message: 'is before 1970' }]);
    return {
      action: 'publish',
      edition,
      id: id ?? importId(secret, time, [edition, written.headline, written.url]),
      content: contentOf(file, edition, written),
      publishedAt: time,
      audit: { actor: caller.actor.id, from: caller.from },
    };
  }

  async function store(changes: (Change & Publish)[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    if (changes.length <= SINGLY) for (const change of changes) outcomes.push(await engine.commit(change));
    else
      for (let at = 0; at < changes.length; at += BULK)
        outcomes.push(...(await engine.commitBulk(changes.slice(at, at + BULK))));
    return outcomes;
  }
}

/** An id does not name its edition, so it can stand in one only: else a kill would reach one of two items. */
async function refuseTaken(engine: Engine, changes: readonly Change[], lines: readonly Line[]): Promise<void> {
  const editions = new Map<string, string>();
  for (const [at, { number, value }] of lines.entries()) {
    const { id, edition } = changes[at] as Change;
    // An id that is made of its line is made of its edition too; only one that was brought along can stand elsewhere.
    const current = (value as Import).id === undefined ? undefined : await engine.find(id);
    const taken = editions.get(id) ?? (current && editionOf(current));
    editions.set(id, edition);
    if (taken !== undefined && taken !== edition)
      onLine(number, () => {
        throw invalidFields([{ field: 'id', message: `stands for an item of the edition "${taken}"` }]);
      });
  }
}

/**
 * Under a secret that stays in the store, so that the id of a killed item does not let a stranger confirm a guess
 * of its headline.
 */
function importId(secret: string, time: number, identity: (string | undefined)[]): string {
  const random = createHmac('sha256', secret)
    .update(JSON.stringify([time, ...identity]))
    .digest();
  return uuidv7({ msecs: time, seq: random.readInt32BE(16), random: random.subarray(0, 16) });
}

function onLine<T>(line: number, run: () => T): T {
  try {
    return run();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    throw new Problem(problem.kind, `Line ${line}: ${problem.message}`, problem.members);
  }
}
