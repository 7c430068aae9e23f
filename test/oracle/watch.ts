import { parsePosition } from '../../shared/position.ts';
import type { Message } from '../../shared/wire.ts';
import { matches } from './expected.ts';
import type { Version } from './model.ts';
import type { ReaderPlan } from './plan.ts';
import type { Verdict } from './verdict.ts';

interface Place {
  epoch: string;
  seq: number;
  mark: string;
}

type Change = Message & { type: 'item' | 'kill' | 'hold' };

/** A stretch of one connection without a reset: nothing in it may be missing, doubled or out of order. */
interface Leg {
  start: Place;
  end: Place;
  received: Map<string, number>;
  changes: Change[];
  /** Which life of the store it was when the last of it came. */
  life: number;
}

/** What holds of every connection, whoever reads it. `node` names the process that it leads to. */
export class Watch {
  readonly #verdict: Verdict;
  readonly #name: string;
  readonly #plan: ReaderPlan;
  readonly #node: string;
  readonly #legs: Leg[] = [];
  #since: Place | undefined;
  closed = false;
  greeted = false;
  lastReset: string | undefined;
  heard = 0;

  constructor(verdict: Verdict, name: string, plan: ReaderPlan, node: string, since: string | undefined) {
    this.#verdict = verdict;
    this.#name = name;
    this.#plan = plan;
    this.#node = node;
    this.#since = since === undefined ? undefined : parsePosition(since);
    // A long poll that continues says no hello.
    if (this.#since && plan.kind === 'poll') {
      this.greeted = true;
      this.#begin(this.#since);
    }
  }

  get place(): Place | undefined {
    return this.#legs.at(-1)?.end;
  }

  isAt(node: string): boolean {
    return this.#node === node && !this.closed;
  }

  reached(seq: number): boolean {
    return (this.place?.seq ?? 0) >= seq;
  }

  /** How often it was sent something of that item. */
  changesOf(id: string): number {
    const changes = this.#legs.flatMap((leg) => leg.changes);
    return changes.filter((change) => (change.type === 'item' ? change.item.id : change.id) === id).length;
  }

  text(text: string, asked: number): void {
    for (const broken of this.#verdict.bans.broken(this.#node, text, asked)) this.#violated(`was sent ${broken}`);
  }

  message(message: Message): void {
    this.heard++;
    this.#verdict.messages++;
    if (message.type === 'goaway') return;
    const place = parsePosition(message.position);
    if (!place) return void this.#violated(`was sent no position: ${message.position}`);
    if (message.type === 'hello') return void this.#hello(place, message.snapshot !== undefined);
    if (message.type === 'reset') return void this.#reset(place, message.reason);
    const leg = this.#legs.at(-1);
    if (!leg) return void this.#violated(`was sent ${message.type} at ${message.position} before anything else`);
    if (place.epoch !== leg.end.epoch) this.#violated(`was sent epoch ${place.epoch} after ${leg.end.epoch}, no reset`);
    if (message.type === 'beat') return void this.#move(leg, place, false);
    this.#change(leg, place, message);
    this.#move(leg, place, true);
  }

  polled(position: string): void {
    const [leg, place] = [this.#legs.at(-1), parsePosition(position)];
    if (leg && place) this.#move(leg, place, false);
  }

  #hello(place: Place, snapshot: boolean): void {
    this.greeted = true;
    const since = this.#since;
    // It stands elsewhere than it asked for: then a reset has to come, and until then nothing else may.
    if (since && !snapshot && (since.seq !== place.seq || since.epoch !== place.epoch)) return;
    this.#begin(place);
  }

  #reset(place: Place, reason: string): void {
    this.lastReset = reason;
    const before = this.#legs.at(-1)?.end ?? this.#since;
    const behind = place.seq - (before?.seq ?? place.seq);
    if (!this.#verdict.mayReset(reason, this.#plan.edition, behind))
      this.#violated(`was reset for no reason (${reason}, ${behind} behind)`);
    this.#begin(place);
  }

  #begin(place: Place): void {
    this.#legs.push({ start: place, end: place, received: new Map(), changes: [], life: this.#verdict.model.life });
  }

  #move(leg: Leg, place: Place, rising: boolean): void {
    if (place.seq < leg.end.seq || (rising && place.seq === leg.end.seq))
      this.#violated(`went from number ${leg.end.seq} to ${place.seq}`);
    if (place.seq === leg.end.seq && place.mark !== leg.end.mark)
      this.#violated(`saw two marks at number ${place.seq} without a reset`);
    leg.end = place;
    leg.life = this.#verdict.model.life;
  }

  #change(leg: Leg, { mark }: Place, message: Change): void {
    const { id, revision } = message.type === 'item' ? message.item : message;
    if ((leg.received.get(id) ?? 0) >= revision) this.#violated(`was sent revision ${revision} of ${id} again`);
    leg.received.set(id, revision);
    leg.changes.push(message);
    const { model, bans } = this.#verdict;
    model.saw(mark, revision);
    const number = model.numbers.get(id);
    if (message.type === 'item') this.#words(message);
    else if (number !== undefined && !model.isLost(mark) && (message.type === 'kill' || !this.#plan.view))
      bans.add(this.#node, number, { revision, mark, since: performance.now(), killed: message.type === 'kill' });
  }

  #words({ item }: Message & { type: 'item' }): void {
    const { headline, section, tags, pinnedUntil, publishedAt } = item;
    const words = JSON.stringify([headline, section, tags, pinnedUntil, publishedAt]);
    if (this.#verdict.model.life === 0 && !this.#verdict.sameWords(item.id, item.revision, words))
      this.#violated(`saw other words than others in revision ${item.revision} of ${item.id}: ${words}`);
  }

  /** Once all is over and it is known what happened: was each stretch told the truth, and all of it? */
  judge(): void {
    const end = this.place;
    if (end && this.#verdict.model.isLost(end.mark)) this.#violated('stands at what was lost, and was not reset');
    for (const leg of this.#legs) {
      const life = this.#lifeOf(leg);
      this.#judgeHoles(leg, life);
      if (life === this.#verdict.model.life) for (const change of leg.changes) this.#judgeTruth(change);
    }
  }

  /** Each change between the two ends was sent, or a later one of the same item is still to come. */
  #judgeHoles(leg: Leg, life: number): void {
    const { model } = this.#verdict;
    const standing = model.standing(this.#plan.edition, life).filter((act) => act.seq > leg.start.seq);
    const newest = new Map(standing.map((act) => [act.item, act.seq]));
    for (const act of standing) {
      if (act.seq > leg.end.seq || newest.get(act.item) !== act.seq) continue;
      const version = this.#versionOf(act.item, act.revision);
      const id = model.items.get(act.item)?.id ?? '';
      // Lost since, or nobody knows its revision: then the rows at the end say whether all is well.
      if (!version) continue;
      const { revision, state } = version;
      if (revision === 1 && state === 'published' && !matches(this.#plan.view, version)) continue;
      if ((leg.received.get(id) ?? 0) < revision)
        this.#violated(
          `has a hole: number ${act.seq} (item ${act.item}, revision ${revision}, ${act.kind}) is not among what was ` +
            `sent from ${leg.start.seq} to ${leg.end.seq}`,
        );
    }
  }

  #judgeTruth(change: Change): void {
    const { id, revision } = change.type === 'item' ? change.item : change;
    const version = this.#versionOf(this.#verdict.model.numbers.get(id) ?? 0, revision);
    if (!version) return;
    const shown = version.state === 'published' && matches(this.#plan.view, version);
    const due = version.state === 'killed' ? 'kill' : shown ? 'item' : 'hold';
    if (change.type !== due) this.#violated(`was sent ${change.type} for revision ${revision} of ${id}, not ${due}`);
    if (change.type === 'item' && change.item.headline !== version.headline)
      this.#violated(`was sent "${change.item.headline}" for revision ${revision}, not "${version.headline}"`);
  }

  #versionOf(item: number, revision: number | undefined): Version | undefined {
    return this.#verdict.model.versions(item).find((version) => version.revision === revision);
  }

  /** Which life of the store a stretch tells of: that of the last commit it was told of. */
  #lifeOf({ end, life }: Leg): number {
    const act = this.#verdict.model.byMark(end.mark);
    return act && Number.isFinite(act.lost) ? act.lost - 1 : life;
  }

  #violated(what: string): void {
    if (!this.closed) this.#verdict.violated(`${this.#name} at ${this.#node} ${what}`);
  }
}
