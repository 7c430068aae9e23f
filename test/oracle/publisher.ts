import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { canary } from './canary.ts';
import type { Dice } from './dice.ts';
import type { Act, Fields, Version } from './model.ts';
import { EDITIONS, SECTIONS, TAGS } from './plan.ts';
import type { Verdict } from './verdict.ts';

const PATIENCE_MS = 20_000;
/** More than a node waits for its store. */
const ANSWER_MS = 8_000;

interface Asked {
  act: Act;
  path: string;
  body: Record<string, unknown>;
}

/** Publishers, as programs are ones: each act has a key, and is asked for until it is known what came of it. */
export class Publishers {
  readonly #verdict: Verdict;
  readonly #key: string;
  readonly #node: () => string;
  #flying = 0;
  #paused: { resume: () => void; over: Promise<void> } | undefined;
  #stopped = false;
  #loops: Promise<void>[] = [];
  /** Requests of which nobody knew at first what had come of them. */
  unknown = 0;
  /** Of these, the ones whose connection broke. */
  broken = 0;
  replayed = 0;

  constructor(verdict: Verdict, key: string, node: () => string) {
    this.#verdict = verdict;
    this.#key = key;
    this.#node = node;
  }

  get flying(): number {
    return this.#flying;
  }

  start(count: number, dice: Dice): void {
    this.#loops = Array.from({ length: count }, () => this.#publish(dice.fork()));
  }

  /** Resolves when nothing is under way any more. */
  async pause(): Promise<void> {
    const { promise: over, resolve: resume } = Promise.withResolvers<void>();
    this.#paused ??= { resume, over };
    while (this.#flying > 0) await wait(2);
  }

  resume(): void {
    this.#paused?.resume();
    this.#paused = undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.resume();
    await Promise.all(this.#loops);
  }

  async #publish(dice: Dice): Promise<void> {
    while (!this.#stopped) {
      await this.#paused?.over;
      if (!this.#stopped) await this.once(dice);
      await wait(dice.whole(2, 30));
    }
  }

  /** One act, whatever the dice say. */
  async once(dice: Dice): Promise<void> {
    const asked = this.#think(dice);
    if (asked) await this.insist(asked);
  }

  /** Asks until it is known what came of it. */
  async insist({ act, path, body }: Asked): Promise<boolean> {
    this.#flying++;
    const key = randomUUID();
    const { model, bans } = this.#verdict;
    try {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(15)) {
        if (act.kind === 'release') bans.lift(act.item, (act.revision ?? 1) - 1);
        const answer = await this.#send(path, key, body);
        if (!answer || answer.status >= 500) {
          this.unknown++;
          if (!answer) this.broken++;
          continue;
        }
        const done = await answer.json();
        const current = done.item ?? done.tombstone;
        // What is told of a repeated request is what the item is today.
        if (answer.headers.has('Idempotency-Replayed')) this.replayed++;
        else if (answer.ok) act.revision ??= current.revision;
        if (!answer.ok) {
          if ([404, 409, 410].includes(answer.status)) return false;
          // Asked again until its end had come.
          if (act.kind === 'pin' && answer.status === 422) return false;
          this.#verdict.violated(`${act.kind} of item ${act.item} was refused: ${JSON.stringify(done).slice(0, 300)}`);
          return false;
        }
        model.acknowledge(act, { ...current, position: done.position });
        return true;
      }
      this.#verdict.violated(`nobody said within ${PATIENCE_MS} ms what came of ${act.kind} of item ${act.item}`);
      return false;
    } finally {
      this.#flying--;
    }
  }

  async #send(path: string, key: string, body: unknown): Promise<Response | undefined> {
    try {
      return await fetch(`${this.#node()}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.#key}`, 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      return undefined;
    }
  }

  post(edition: string, dice: Dice): Asked {
    const item = this.#verdict.model.number();
    const word = canary(item);
    const fields = { headline: `Story ${word}`, tags: tags(dice), ...section(dice) };
    const body = { edition, ...fields, url: `https://news.example/${word}`, summary: `All about ${word}.` };
    return { act: { kind: 'publish', item, revision: 1, fields }, path: '/v1/items', body };
  }

  #think(dice: Dice): Asked | undefined {
    const { model } = this.#verdict;
    const numbers = [...model.items.keys()];
    const kind = dice.weighted({ publish: 40, amend: 30, hold: 9, release: 12, kill: 6, pin: 7, unpin: 3 });
    if (kind === 'publish' || numbers.length === 0)
      return this.post(dice.chance(0.85) ? EDITIONS[0] : EDITIONS[1], dice);
    const state = kind === 'release' ? 'withheld' : 'published';
    const fitting = numbers.filter((number) => model.versions(number).at(-1)?.state === state);
    if (fitting.length === 0) return undefined;
    // Most of what happens, happens to what is new.
    const item = dice.pick(dice.chance(0.7) ? fitting.slice(-12) : fitting);
    const version = model.versions(item).at(-1);
    const id = model.items.get(item)?.id;
    return version && id ? { ...actOn(kind, item, version, dice), path: `/v1/items/${id}/${kind}` } : undefined;
  }
}

function actOn(kind: Exclude<Act['kind'], 'publish'>, item: number, version: Version, dice: Dice): Omit<Asked, 'path'> {
  const next = { kind, item, revision: version.revision + 1 };
  const { revision } = version;
  if (kind === 'kill') return { act: { kind, item }, body: { notice: 'Not confirmed.' } };
  if (kind === 'hold') return { act: { kind, item }, body: {} };
  if (kind === 'amend') return amendment(next, dice);
  if (kind !== 'pin') return { act: next, body: { revision } };
  const until = Date.now() + dice.pick([600, 1_500, 3_600_000]);
  return { act: { ...next, until }, body: { revision, pinnedUntil: new Date(until).toISOString() } };
}

function amendment(act: Act & { revision: number }, dice: Dice): Omit<Asked, 'path'> {
  const kind = dice.pick(['refile', 'update', 'clarification', 'correction']);
  const word = canary(act.item);
  const fields: Fields = {
    headline: `Story ${word} v${act.revision}`,
    ...(dice.chance(0.5) && { tags: tags(dice) }),
    ...(dice.chance(0.3) && { section: null, ...section(dice) }),
  };
  const notice = kind === 'clarification' || kind === 'correction' ? { notice: `About ${word}.` } : {};
  return { act: { ...act, fields }, body: { kind, changes: fields, ...notice, revision: act.revision - 1 } };
}

function tags(dice: Dice): string[] {
  return dice.some(TAGS, dice.whole(0, 2));
}

function section(dice: Dice): { section?: string } {
  return dice.chance(0.5) ? { section: dice.pick(SECTIONS) } : {};
}
