import { Bans } from './canary.ts';
import { Model } from './model.ts';
import type { Fault, Plan } from './plan.ts';

/** How many violations of one run are told in words; the rest are counted. */
const TOLD = 12;

/** What a run has found: what is known to be true, what was seen to go wrong, what was broken on purpose. */
export class Verdict {
  readonly plan: Plan;
  readonly model = new Model();
  readonly bans = new Bans();
  readonly violations: string[] = [];
  readonly fired = new Map<Fault, number>();
  readonly resets = new Map<string, number>();
  readonly started = performance.now();
  more = 0;
  messages = 0;
  /** The words of each revision, as the first reader saw them: all others must see the same. */
  readonly #words = new Map<string, string>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  violated(what: string): void {
    if (this.violations.length >= TOLD) this.more++;
    else this.violations.push(`${Math.round(performance.now() - this.started)} ms: ${what}`);
  }

  /** @param effect what was seen of it; nothing seen, nothing counted */
  fire(fault: Fault, effect: boolean | number): void {
    if (effect) this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
  }

  /** Whether these are the words that everybody saw. Lives differ: numbers are used again after a loss. */
  sameWords(id: string, revision: number, words: string): boolean {
    const key = `${id} ${revision} ${words}`;
    const known = this.#words.getOrInsertComputed(`${id} ${revision} ${this.model.life}`, () => key);
    return known === key;
  }

  /** Whether a reader may be sent back that stood at `from` and is sent to `to`. */
  mayReset(reason: string, edition: string, behind: number): boolean {
    const { model, plan } = this;
    this.resets.set(reason, (this.resets.get(reason) ?? 0) + 1);
    if (model.life > 0) return true;
    if (reason === 'bulk') return model.bulks.has(edition);
    const short = plan.logLength < 1_000;
    if (reason === 'trimmed') return model.bulks.has(edition) || (short && behind > plan.logLength - 1);
    // A node that the log was trimmed under starts a new epoch.
    return reason === 'epoch' && short;
  }
}
