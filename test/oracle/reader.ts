import { setTimeout as wait } from 'node:timers/promises';
import { parsePosition } from '../../shared/position.ts';
import { apply, catchUp, HELD, type Rows, rowsOf } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import type { ReaderPlan } from './plan.ts';
import { openTransport, type Transport } from './transport.ts';
import type { Verdict } from './verdict.ts';
import { Watch } from './watch.ts';

/** Where a reader gets what it reads; asked anew each time, since nodes come and go. */
export interface Sources {
  /** A node that serves, as its address. */
  node: () => string;
  /** Where snapshots come from. */
  snapshots: () => string;
}

interface Link {
  transport: Transport;
  watch: Watch;
}

/** A reader as the widget is one, with all the bad luck that a reader can have. */
export class OracleReader {
  readonly name: string;
  readonly plan: ReaderPlan;
  readonly #verdict: Verdict;
  readonly #sources: Sources;
  readonly #watches: Watch[] = [];
  rows: Rows | undefined;
  #kept: Message[] = [];
  #min: string | undefined;
  /** Where a snapshot stands that no link has told of: the next one begins there, and the server says whether it may. */
  #unproven: string | undefined;
  #wanted = false;
  #loading: AbortController | undefined;
  #link: Link | undefined;
  #next: Link | undefined;
  #away = true;
  stalled = false;
  drops = 0;
  goaways = 0;
  loads = 0;

  constructor(name: string, plan: ReaderPlan, verdict: Verdict, sources: Sources) {
    this.name = name;
    this.plan = plan;
    this.#verdict = verdict;
    this.#sources = sources;
  }

  get position(): string | undefined {
    return this.rows?.position;
  }

  get watch(): Watch | undefined {
    return this.#link?.watch;
  }

  get settled(): boolean {
    const whole = this.rows !== undefined && this.#loading === undefined && this.#link !== undefined;
    return whole && this.#unproven === undefined;
  }

  get resets(): string[] {
    return this.#watches.flatMap(({ lastReset }) => (lastReset === undefined ? [] : [lastReset]));
  }

  /** A new page, which knows nothing. */
  forget(): void {
    this.sleep();
    this.rows = undefined;
    this.#min = undefined;
    this.#unproven = undefined;
    this.wake();
  }

  /** Comes, or comes back with what it holds. @param rows what it held once, when that is what it comes back with */
  wake(rows: Rows | undefined = this.rows): void {
    if (!this.#away) return;
    this.#away = false;
    const wanted = rows === this.rows && this.#wanted;
    if (rows !== this.rows) this.#unproven = undefined;
    this.rows = rows;
    if (rows || this.plan.bare) this.#connect();
    if (wanted || !(rows || this.plan.bare)) this.#load(this.#min);
  }

  /** Goes away, as a phone does. What it was loading it will still have to load. */
  sleep(): void {
    this.#away = true;
    this.#wanted = this.#loading !== undefined;
    this.#loading?.abort();
    this.#loading = undefined;
    for (const link of [this.#link, this.#next]) this.#end(link);
    this.#link = undefined;
    this.#next = undefined;
  }

  /** How often it was sent something of that item. */
  changesOf(id: string): number {
    return this.#watches.reduce((sum, watch) => sum + watch.changesOf(id), 0);
  }

  stall(): void {
    this.stalled = true;
    this.#link?.transport.stall();
  }

  resume(): void {
    this.stalled = false;
    this.#link?.transport.resume();
  }

  judge(): void {
    for (const watch of this.#watches) watch.judge();
  }

  #end(link: Link | undefined): void {
    if (!link) return;
    link.watch.closed = true;
    link.transport.close();
  }

  #connect(): void {
    if (this.#away || this.#next) return;
    const since = this.#unproven ?? this.rows?.position;
    const { kind, edition, view } = this.plan;
    let node: string;
    try {
      node = this.#sources.node();
    } catch {
      return void this.#later(() => this.#connect());
    }
    const watch = new Watch(this.#verdict, this.name, this.plan, node, since);
    this.#watches.push(watch);
    const link: Link = {
      watch,
      transport: openTransport(
        kind,
        `${node}/v1/editions/${edition}/live`,
        { ...view, ...(since !== undefined && { since }) },
        {
          text: (text, asked) => watch.text(text, asked),
          message: (message) => this.#heard(link, message),
          polled: (position) => watch.polled(position),
          closed: () => this.#lost(link),
        },
      ),
    };
    this.#next = link;
    // A long poll that continues says no hello.
    if (kind === 'poll' && since !== undefined) this.#follow(link);
  }

  #follow(link: Link): void {
    if (link !== this.#next) return;
    this.#end(this.#link);
    this.#link = link;
    this.#next = undefined;
    this.#unproven = undefined;
    // The messages kept, and the answer on its way, are from before what this link tells; what they brought may not be lost.
    if (this.#loading && this.rows) this.#load(this.rows.position);
  }

  #lost(link: Link): void {
    if (link.watch.closed) return;
    this.drops++;
    link.watch.closed = true;
    if (link === this.#link) this.#link = undefined;
    if (link === this.#next) this.#next = undefined;
    this.#later(() => this.#connect());
  }

  #heard(link: Link, message: Message): void {
    if (link.watch.closed) return;
    link.watch.message(message);
    if (message.type === 'hello') this.#follow(link);
    if (message.type === 'goaway') {
      this.goaways++;
      this.#later(() => this.#connect(), message.afterMs);
    }
    if (!this.rows) {
      if (message.type === 'hello' && message.snapshot) this.rows = rowsOf(message.snapshot, this.#isView);
      return;
    }
    const before = this.rows;
    const { rows, load } = apply(before, message);
    this.rows = rows;
    if (message.type !== 'hello') this.#compare(before, rows);
    if (load && (!this.#loading || message.type === 'reset')) this.#load(load.min);
    else if (this.#loading) this.#kept.push(message);
  }

  get #isView(): boolean {
    return this.plan.view !== undefined;
  }

  /** Neither a message nor a snapshot takes anything back; only a loss in the store may. */
  #compare(before: Rows, after: Rows): void {
    for (const [id, entry] of after.entries)
      if (entry.revision < (before.entries.get(id)?.revision ?? 0))
        this.#verdict.violated(`${this.name} was taken back to revision ${entry.revision} of ${id}`);
  }

  #load(min: string | undefined): void {
    this.#kept = [];
    this.#min = min;
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.loads++;
    this.#fetchSnapshot(min, loading.signal).then(
      (snapshot) => {
        if (loading.signal.aborted) return;
        this.#loading = undefined;
        const { rows, load } = catchUp(snapshot, this.#isView, this.#kept);
        if (this.rows && this.#verdict.model.life === 0) this.#compare(this.rows, rows);
        this.rows = rows;
        this.#prove(snapshot.position);
        if (load) this.#load(load.min);
      },
      (error: Error) => {
        if (!loading.signal.aborted) this.#verdict.violated(`${this.name} cannot load: ${error.stack}`);
      },
    );
  }

  /** Rows that no link has told of may be of a life of the store that has ended: another link asks. */
  #prove(position: string): void {
    const told = position === this.#min || this.#kept.some((kept) => 'position' in kept && kept.position === position);
    this.#unproven = told ? undefined : position;
    if (told && this.#link) return;
    if (!told) {
      this.#end(this.#next);
      this.#next = undefined;
    }
    this.#connect();
  }

  /** Asks until it gets one that is not older than what it was told, as a cache between may keep old ones. */
  async #fetchSnapshot(min: string | undefined, signal: AbortSignal): Promise<Snapshot> {
    for (let pause = 20; !signal.aborted; pause = Math.min(200, pause * 1.5)) {
      const snapshot = await this.#ask(min, signal).catch(() => undefined);
      if (snapshot && (min === undefined || reaches(snapshot.position, min))) return snapshot;
      await wait(pause);
    }
    throw new Error('not wanted any more');
  }

  async #ask(min: string | undefined, signal: AbortSignal): Promise<Snapshot> {
    const query = new URLSearchParams({ limit: `${HELD}`, ...this.plan.view, ...(min !== undefined && { min }) });
    const base = this.#sources.snapshots();
    const asked = performance.now();
    const response = await fetch(`${base}/v1/editions/${this.plan.edition}/snapshot?${query}`, { signal });
    if (!response.ok) throw new Error(`${response.status}`);
    const text = await response.text();
    // A cache is no node, and may be behind.
    if (this.plan.staleMs === undefined)
      for (const broken of this.#verdict.bans.broken(base, text, asked))
        this.#verdict.violated(`${this.name} got ${broken} in a snapshot of ${base}`);
    return JSON.parse(text);
  }

  #later(then: () => void, ms = 30): void {
    setTimeout(() => {
      if (!this.#away) then();
    }, ms);
  }
}

function reaches(position: string, min: string): boolean {
  const [theirs, wanted] = [parsePosition(position), parsePosition(min)];
  return theirs !== undefined && wanted !== undefined && theirs.epoch === wanted.epoch && theirs.seq >= wanted.seq;
}
