import { KINDS, type Kind } from './input.ts';

const TOLD = 10;

/** What the server holds when nothing happens, after its garbage was collected: bytes, and open descriptors. */
export interface Gauge {
  rss: number;
  heap: number;
  open: number;
}

/** What was sent and what came of it. */
export class Report {
  readonly faults: string[] = [];
  more = 0;
  readonly sent = new Map<Kind, number>();
  readonly #answers = new Map<string, Map<Kind, number>>();
  acknowledged = 0;
  received = 0;
  before: Gauge | undefined;
  after: Gauge | undefined;

  fault(what: string): void {
    if (this.faults.length < TOLD) this.faults.push(what);
    else this.more++;
  }

  count(kind: Kind, word: string): void {
    const row = this.#answers.getOrInsertComputed(word, () => new Map());
    row.set(kind, (row.get(kind) ?? 0) + 1);
  }

  table(): string {
    const line = (first: string, cells: readonly (string | number)[]) =>
      `${first.padEnd(14)}${cells.map((cell) => `${cell}`.padStart(11)).join('')}`;
    const row = (word: string, of: ReadonlyMap<Kind, number> | undefined) =>
      line(
        word,
        KINDS.map((kind) => of?.get(kind) ?? 0),
      );
    const words = [...this.#answers.keys()].sort();
    const { before, after } = this;
    const gauges =
      before && after
        ? [
            '',
            line('', ['before', 'after']),
            line('RSS MiB', [mib(before.rss), mib(after.rss)]),
            line('heap MiB', [mib(before.heap), mib(after.heap)]),
            line('descriptors', [before.open, after.open]),
          ]
        : [];
    return [
      line('', KINDS),
      row('sent', this.sent),
      ...words.map((word) => row(word, this.#answers.get(word))),
      ...gauges,
      '',
      `${this.acknowledged} items published or changed meanwhile, ${this.received} deliveries to those who read steadily`,
      ...this.faults,
      ...(this.more > 0 ? [`and ${this.more} more`] : []),
    ].join('\n');
  }
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
