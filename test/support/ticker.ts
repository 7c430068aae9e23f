import type { Item, Tombstone } from '../../shared/item.ts';
import { apply, catchUp, listed, type Rows, rowsOf } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import type { Connect, TestReader } from './readers.ts';

/** A client as simple as one can be: snapshot, stream, and the shared reducer. */
export class TestTicker {
  readonly reader: TestReader;
  readonly #url: string;
  #rows: Rows;
  #loading = false;
  #meanwhile: Message[] = [];
  loads = 0;

  static async open(url: string, edition: string, connect: Connect): Promise<TestTicker> {
    const snapshot = await load(`${url}/v1/editions/${edition}/snapshot`);
    return new TestTicker(
      `${url}/v1/editions/${edition}/snapshot`,
      snapshot,
      connect(url, edition, { since: snapshot.position }),
    );
  }

  private constructor(url: string, snapshot: Snapshot, reader: TestReader) {
    this.#url = url;
    this.#rows = rowsOf(snapshot);
    this.reader = reader;
  }

  /** The rows as they are now, after everything that has come. */
  async settled(): Promise<(Item | Tombstone)[]> {
    while (this.reader.messages.length > 0 || this.#loading) {
      const message = this.reader.messages.shift();
      if (message) this.#take(message);
      else await new Promise(setImmediate);
    }
    return listed(this.#rows);
  }

  close(): void {
    this.reader.close();
  }

  #take(message: Message): void {
    this.#meanwhile.push(message);
    const { rows, load } = apply(this.#rows, message);
    this.#rows = rows;
    if (load && !this.#loading) void this.#load(load.min);
  }

  async #load(min: string): Promise<void> {
    this.#loading = true;
    this.#meanwhile = [];
    this.loads++;
    this.#rows = catchUp(await load(`${this.#url}?min=${min}`), false, this.#meanwhile).rows;
    this.#loading = false;
  }
}

async function load(url: string): Promise<Snapshot> {
  return (await (await fetch(url)).json()) as Snapshot;
}
