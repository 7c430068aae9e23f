import { type Connection, connect } from '../../client/widget/connection.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { parsePosition } from '../../shared/position.ts';
import { listed, type Rows, SHOWN } from '../../shared/rows.ts';
import type { Dice } from './dice.ts';
import { RowsNetwork } from './rows-network.ts';
import { type RowsWorld, VIEWS, wordsOf } from './rows-world.ts';

/** How often its network is served at the end: half a second each. */
const ROUNDS = 200;

/** The widget's connection to one view, which hears late, loads late, comes back old and is given old snapshots. */
export class RowsReader {
  readonly #world: RowsWorld;
  readonly #view: number;
  readonly #dice: Dice;
  readonly #network: RowsNetwork;
  readonly #connection: Connection;
  #before: Rows | undefined;
  #remembered: Rows | undefined;
  /** What it was seen to do wrong on the way. */
  wrong: string | undefined;

  constructor(world: RowsWorld, view: number, dice: Dice) {
    this.#world = world;
    this.#view = view;
    this.#dice = dice;
    this.#network = new RowsNetwork(world, view, dice);
    const source = { src: 'http://some.node', edition: 'en', tag: undefined, section: undefined, ...VIEWS[view] };
    this.#connection = connect(source, () => this.#changed(), this.#network);
  }

  /** Something befalls it, or nothing. */
  live(): void {
    const [dice, connection] = [this.#dice, this.#connection];
    if (dice.chance(0.04)) this.#remembered = connection.rows;
    if (dice.chance(0.02)) connection.sleep();
    if (dice.chance(0.05)) connection.wake();
    if (dice.chance(0.02) && this.#remembered) {
      // A page out of the browser's memory.
      connection.sleep();
      this.#before = undefined;
      connection.rows = this.#remembered;
      connection.wake();
    }
    this.#network.live();
  }

  /** With a network that does what it should it has to come to know all, soon, and to stay with it. */
  async settle(): Promise<void> {
    this.#connection.wake();
    for (let round = 0; round < ROUNDS; round++) {
      this.#network.calm();
      await settled();
      if (this.#connection.state === 'live' && !this.fault()) return;
    }
  }

  /** What is wrong with what it holds or shows. */
  fault(): string | undefined {
    const { rows, state } = this.#connection;
    if (!rows || state !== 'live') return `is ${state}`;
    const view = VIEWS[this.#view];
    const { floor } = rows;
    const due = this.#world.expected(view);
    const held = due.filter((row) => ('pinnedUntil' in row && row.pinnedUntil) || !floor || !below(row, floor));
    const own = [...rows.entries.values()].filter((row) => !view || !('killedAt' in row));
    const strange = [...rows.entries.values()].find((row) => 'killedAt' in row && !this.#network.given.has(row.id));
    if (view && strange) return `holds the tombstone of what it never held: ${wordsOf(strange)}`;
    let items = 0;
    const last = due.findIndex((row) => !('killedAt' in row) && ++items === SHOWN);
    const shown = listed(rows).filter((row) => !view || !('killedAt' in row));
    return (
      difference('holds', own.map(wordsOf).sort(), held.map(wordsOf).sort()) ??
      difference('shows', shown.map(wordsOf), (last < 0 ? due : due.slice(0, last + 1)).map(wordsOf))
    );
  }

  /** Only a loss takes a reader back, and nothing takes it back to what was before that. */
  #changed(): void {
    const { rows } = this.#connection;
    const before = this.#before;
    this.#before = rows;
    if (!rows || !before) return;
    const [life, lifeBefore] = [rows, before].map(({ position }) => this.#lifeOf(position));
    if (life !== lifeBefore && Number(life) < this.#network.life) this.wrong ??= `went back to life ${life} of the log`;
    if (this.#world.losses > 0) return;
    for (const [id, row] of rows.entries) {
      const known: Item | Tombstone | undefined = before.entries.get(id);
      if (known && row.revision < known.revision) this.wrong ??= `was taken back to ${wordsOf(row)}`;
    }
  }

  #lifeOf(position: string): number {
    return this.#world.epochs.indexOf(parsePosition(position)?.epoch ?? '');
  }
}

/** Promises that are kept already have run what waits for them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function below(a: { publishedAt: string; id: string }, b: { publishedAt: string; id: string }): boolean {
  return `${a.publishedAt} ${a.id}` < `${b.publishedAt} ${b.id}`;
}

function difference(verb: string, found: string[], due: string[]): string | undefined {
  if (JSON.stringify(found) === JSON.stringify(due)) return undefined;
  return `${verb} [${found.join(' | ')}], due [${due.join(' | ')}]`;
}
