import { type Connection, connect } from '../../client/widget/connection.ts';
import type { Rows } from '../../shared/rows.ts';
import type { EditionInfo } from '../../shared/wire.ts';
import type { ReaderPlan } from './plan.ts';
import type { Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';
import { ReaderWorld, type Sources } from './world.ts';

/** A reader: the widget's own connection, with all the bad luck that a reader can have. */
export class OracleReader {
  readonly name: string;
  readonly plan: ReaderPlan;
  readonly world: ReaderWorld;
  readonly #verdict: Verdict;
  #connection: Connection | undefined;
  /** What it held at the last change, and the edition that came with it: each snapshot brings another one. */
  #before: { rows: Rows | undefined; edition: EditionInfo | undefined } | undefined;

  constructor(name: string, plan: ReaderPlan, verdict: Verdict, sources: Sources) {
    this.name = name;
    this.plan = plan;
    this.#verdict = verdict;
    this.world = new ReaderWorld(name, plan, verdict, sources);
  }

  get rows(): Rows | undefined {
    return this.#connection?.rows;
  }

  get position(): string | undefined {
    return this.rows?.position;
  }

  get watch(): Watch | undefined {
    return this.world.watch;
  }

  get settled(): boolean {
    return this.#connection?.state === 'live';
  }

  get resets(): string[] {
    return this.world.watches.flatMap(({ lastReset }) => (lastReset === undefined ? [] : [lastReset]));
  }

  /** A new page, which knows nothing. */
  forget(): void {
    this.#connection?.stop();
    this.#before = undefined;
    const { edition, view } = this.plan;
    const source = { src: 'http://some.node', edition, tag: undefined, section: undefined, ...view };
    this.#connection = connect(source, () => this.#changed(), this.world);
  }

  /** Comes, or comes back with what it holds. @param rows what it held once, when that is what it comes back with */
  wake(rows: Rows | undefined = this.rows): void {
    const connection = this.#connection;
    if (!connection) this.forget();
    else {
      connection.rows = rows;
      this.#before = undefined;
      connection.wake();
    }
  }

  /** Goes away, as a phone does. */
  sleep(): void {
    this.#connection?.sleep();
  }

  /** For good. */
  stop(): void {
    this.#connection?.stop();
  }

  /** How often it was sent something of that item. */
  changesOf(id: string): number {
    return this.world.watches.reduce((sum, watch) => sum + watch.changesOf(id), 0);
  }

  judge(): void {
    for (const watch of this.world.watches) watch.judge();
  }

  /** Neither a message nor a snapshot takes anything back; only a loss in the store may, and then by a snapshot. */
  #changed(): void {
    const { rows, edition } = this.#connection ?? {};
    const before = this.#before;
    this.#before = { rows, edition };
    const loaded = edition !== before?.edition;
    if (loaded && this.#verdict.model.life > 0) return;
    for (const [id, { revision }] of rows?.entries ?? [])
      if (revision < (before?.rows?.entries.get(id)?.revision ?? 0))
        this.#verdict.violated(`${this.name} was taken back to revision ${revision} of ${id}`);
  }
}
