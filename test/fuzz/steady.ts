import type { Item, Tombstone } from '../../shared/item.ts';
import { parsePosition } from '../../shared/position.ts';
import { type Applied, apply, listed, type Rows, rowsOf, SHOWN } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import { openTransport, type Transport } from '../oracle/transport.ts';
import { LIVE } from './input.ts';
import type { Model } from './model.ts';

export type Kind = 'ws' | 'sse' | 'poll';

/** A reader who does nothing wrong, and whom nobody may disturb: it tells of everything that should not have been. */
export class SteadyReader {
  readonly #url: string;
  readonly #tag: string | undefined;
  readonly #complain: (what: string) => void;
  readonly #transport: Transport;
  readonly #received = new Map<string, number>();
  #rows: Rows | undefined;
  /** While a snapshot is on its way: what came since it was asked for. */
  #since: Message[] | undefined;
  #seq = 0;
  #over = false;

  /** @param tag reads a view in place of the edition */
  constructor(url: string, kind: Kind, tag: string | undefined, complain: (what: string) => void) {
    this.#url = url;
    this.#tag = tag;
    this.#complain = (what) => this.#over || complain(`${kind}${tag ? ` of ${tag}` : ''} ${what}`);
    this.#transport = openTransport(kind, `${url}${LIVE}${tag === undefined ? '' : `?tag=${tag}`}`, {
      text: () => {},
      message: (message) => this.#heard(message),
      polled: (position) => {
        this.#seq = Math.max(this.#seq, seqOf(position));
      },
      closed: () => this.#complain('was closed'),
    });
  }

  /** How far in the log it is. A view may be further than it can know. */
  get seq(): number {
    return this.#seq;
  }

  get open(): boolean {
    return this.#rows !== undefined && this.#since === undefined;
  }

  get received(): number {
    return this.#received.size;
  }

  close(): void {
    this.#over = true;
    this.#transport.close();
  }

  /** What it lacks of what it should have been sent, and what its rows should be and are not. */
  judge(model: Model): void {
    if (this.#tag === undefined)
      for (const { entry } of model.items.values())
        if (entry.edition === 'en' && this.#received.get(entry.id) !== entry.revision)
          this.#complain(`has revision ${this.#received.get(entry.id)} of ${entry.id}, which is at ${entry.revision}`);
    const mine = this.#rows ? words(listed(this.#rows), this.#tag) : [];
    const right = words(shown(model.rows(this.#tag)), this.#tag);
    if (mine.join() !== right.join()) this.#complain(`has the rows ${mine.join(', ')}, not ${right.join(', ')}`);
  }

  #heard(message: Message): void {
    if (message.type === 'reset' || message.type === 'goaway') this.#complain(`was sent ${JSON.stringify(message)}`);
    if (message.type === 'item' || message.type === 'hold' || message.type === 'kill') this.#check(message);
    if (this.#since) this.#since.push(message);
    else if (message.type === 'hello' && message.snapshot)
      this.#rows = rowsOf(message.snapshot, this.#tag !== undefined);
    else if (this.#rows) this.#settle(apply(this.#rows, message));
  }

  #check(message: Message & { type: 'item' | 'hold' | 'kill' }): void {
    const { id, revision } = message.type === 'item' ? message.item : message;
    const seq = seqOf(message.position);
    if (seq <= this.#seq) this.#complain(`was sent number ${seq} after ${this.#seq}`);
    if ((this.#received.get(id) ?? 0) >= revision) this.#complain(`was sent revision ${revision} of ${id} again`);
    this.#received.set(id, revision);
    this.#seq = seq;
  }

  #settle({ rows, load }: Applied): void {
    this.#rows = rows;
    if (!load) return;
    const since: Message[] = [];
    this.#since = since;
    const query = new URLSearchParams({
      limit: '30',
      min: load.min,
      ...(this.#tag !== undefined && { tag: this.#tag }),
    });
    fetch(`${this.#url}${LIVE.replace('live', 'snapshot')}?${query}`)
      .then(async (answer) => {
        const snapshot = (await answer.json()) as Snapshot;
        this.#since = undefined;
        let applied: Applied = { rows: rowsOf(snapshot, this.#tag !== undefined) };
        for (const message of since) applied = { ...applied, ...apply(applied.rows, message) };
        this.#settle(applied);
      })
      .catch((error: Error) => this.#complain(`cannot load: ${error.message}`));
  }
}

function shown(rows: readonly (Item | Tombstone)[]): (Item | Tombstone)[] {
  let items = 0;
  const last = rows.findIndex((row) => !('killedAt' in row) && ++items === SHOWN);
  return last < 0 ? [...rows] : rows.slice(0, last + 1);
}

/** In a view a tombstone only replaces what was shown, so who was not there has none. */
function words(rows: readonly (Item | Tombstone)[], tag: string | undefined): string[] {
  return rows
    .filter((row) => tag === undefined || !('killedAt' in row))
    .map(({ id, revision }) => `${id} r${revision}`);
}

function seqOf(position: string): number {
  return parsePosition(position)?.seq ?? Number.NaN;
}
