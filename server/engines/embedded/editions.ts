import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { GENESIS, type Position, sameMark } from '../../../shared/position.ts';

/** The heads of the logs, inside the transaction that the caller has begun. */
export class Editions {
  readonly #find;
  readonly #add;
  readonly #advance;
  readonly #rotate;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT epoch, seq, mark FROM edition WHERE name = ?');
    this.#add = db.prepare('INSERT INTO edition VALUES (?, ?, 0, ?)');
    this.#advance = db.prepare('UPDATE edition SET seq = ?, mark = ? WHERE name = ?');
    this.#rotate = db.prepare('UPDATE edition SET epoch = ? WHERE name = ?');
  }

  /** An edition comes to be when it is first asked for. */
  get(name: string): Position {
    const found = this.#find.get(name);
    if (found) return { ...found } as unknown as Position;
    const epoch = newEpoch();
    this.#add.run(name, epoch, GENESIS);
    return { epoch, seq: 0, mark: GENESIS };
  }

  advance(name: string, seq: number, mark: string): void {
    this.#advance.run(seq, mark, name);
  }

  /** Answers the epoch in force afterwards. */
  rotate(name: string, seen: Position): string {
    const head = this.get(name);
    if (head.epoch !== seen.epoch || head.seq !== seen.seq || !sameMark(head.mark, seen.mark)) return head.epoch;
    const epoch = newEpoch();
    this.#rotate.run(epoch, name);
    return epoch;
  }
}

function newEpoch(): string {
  return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('');
}
