import type { Item, Tombstone } from '../../shared/item.ts';
import { apply, listed, type Rows, rowsOf } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import type { Connect, TestReader } from './readers.ts';

type Load = (min?: string) => Promise<Snapshot>;

/** A client as simple as one can be: a snapshot, a stream from its position, and the shared reducer. */
export class TestTicker {
  readonly #load: Load;
  readonly #connect: (since: string) => TestReader;
  #rows: Rows;
  reader: TestReader;
  loads = 0;

  static async open(url: string, edition: string, connect: Connect): Promise<TestTicker> {
    const address = `${url}/v1/editions/${edition}/snapshot`;
    const load = async (min = '') => (await (await fetch(`${address}${min && `?min=${min}`}`)).json()) as Snapshot;
    return new TestTicker(await load(), load, (since) => connect(url, edition, { since }));
  }

  private constructor(snapshot: Snapshot, load: Load, connect: (since: string) => TestReader) {
    this.#load = load;
    this.#connect = connect;
    this.#rows = rowsOf(snapshot);
    this.reader = connect(snapshot.position);
  }

  /** The rows as they are now, after everything that has come. */
  async settled(): Promise<(Item | Tombstone)[]> {
    for (let message = this.reader.messages.shift(); message; message = this.reader.messages.shift())
      await this.#take(message);
    return listed(this.#rows);
  }

  close(): void {
    this.reader.close();
  }

  async #take(message: Message): Promise<void> {
    const { rows, load } = apply(this.#rows, message);
    this.#rows = rows;
    if (!load) return;
    this.reader.close();
    const snapshot = await this.#load(load.min);
    this.loads++;
    this.#rows = rowsOf(snapshot);
    this.reader = this.#connect(snapshot.position);
  }
}
