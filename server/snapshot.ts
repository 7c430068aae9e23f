import { createHash } from 'node:crypto';
import type { Position, Remembered } from '../shared/position.ts';
import type { EditionInfo, Snapshot } from '../shared/wire.ts';
import { type Engine, EngineUnavailable, type View } from './engine.ts';
import type { Follow } from './follow.ts';
import type { Seal } from './seal.ts';
import type { Tape } from './tape.ts';
import { viewKey } from './view.ts';

/** A snapshot as it is sent, built once for all who ask. */
export interface Built {
  position: Position;
  snapshot: Snapshot;
  json: Buffer;
  etag: string;
}

interface Followed {
  info: EditionInfo;
  tape: Tape;
  follow: Follow;
}

/** Views and limits are strangers' choice, so only so many are kept. */
const KEPT = 500;
/** A commit may land between the rows and the tape; so many in a row do not. */
const TURNS = 20;

/** Snapshots, built once per change of their edition and shared by everybody who asks. */
export class Snapshots {
  readonly #engine: Engine;
  readonly #editions: ReadonlyMap<string, Followed>;
  readonly #seal: Seal;
  readonly #built = new Map<string, Built>();
  readonly #building = new Map<string, Promise<Built>>();

  constructor(engine: Engine, editions: ReadonlyMap<string, Followed>, seal: Seal) {
    this.#engine = engine;
    this.#editions = editions;
    this.#seal = seal;
  }

  /** Never older than this node's tape, so a text that the node knows to be killed is in none. */
  async get(edition: string, limit: number, view?: View): Promise<Built> {
    const followed = this.#editions.get(edition);
    if (!followed) throw new Error(`no tape of the edition ${edition}`);
    const key = `${edition} ${limit} ${viewKey(view)}`;
    const held = this.#built.get(key);
    if (held && isCurrent(held.position, followed.tape)) return held;
    return this.#building.getOrInsertComputed(key, () =>
      this.#build(followed, key, limit, view).finally(() => this.#building.delete(key)),
    );
  }

  /** The same, no older than `min`, and of no life of the log that had ended when `min` was given out. */
  async atLeast(min: Remembered, edition: string, limit: number, view?: View): Promise<Built> {
    const follow = this.#editions.get(edition)?.follow;
    const at = await follow?.place(min);
    // Cut off from the store, this node may be the one in a life that has ended: another one must answer.
    if (follow?.healthy === false && (at === 'ahead' || at === 'mark' || at === 'epoch'))
      throw new EngineUnavailable('This node cannot read the log just now.');
    return this.get(edition, limit, view);
  }

  async #build({ info, tape, follow }: Followed, key: string, limit: number, view: View | undefined): Promise<Built> {
    for (let turn = 0; turn < TURNS; turn++) {
      const { position, items, more } = await this.#engine.rows(info.id, { limit, view });
      if (!isCurrent(position, tape)) {
        await follow.refresh();
        continue;
      }
      const snapshot: Snapshot = { edition: info, position: this.#seal.format(position), more, items };
      const json = Buffer.from(JSON.stringify(snapshot));
      const etag = `"${createHash('sha1').update(json).digest('base64url')}"`;
      const built = { position, snapshot, json, etag };
      this.#keep(key, built);
      return built;
    }
    throw new EngineUnavailable(`The rows of the edition "${info.id}" and its log do not agree.`);
  }

  #keep(key: string, built: Built): void {
    this.#built.delete(key);
    this.#built.set(key, built);
    const [oldest] = this.#built.keys();
    if (this.#built.size > KEPT && oldest !== undefined) this.#built.delete(oldest);
  }
}

/** An epoch that is not the tape's is a newer one that the tape has yet to follow, or one that it has left. */
function isCurrent(position: Position, tape: Tape): boolean {
  return position.epoch === tape.epoch && position.seq >= tape.head.seq;
}
