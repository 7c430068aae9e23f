import { FAULTS } from './plan.ts';
import type { Verdict } from './verdict.ts';

/** What a failing run says: what went wrong, and the command that does it again. */
export function accusation({ plan, violations, more }: Verdict): string {
  const rest = more > 0 ? [`and ${more} more`] : [];
  const what = `seed ${plan.seed} (${plan.engine}, ${plan.nodes} nodes; ${plan.faults.join('; ')})`;
  return [
    what,
    ...[...violations, ...rest].map((line) => `  ${line}`),
    `  again: npm run oracle -- --seed ${plan.seed}`,
  ].join('\n');
}

/** How often each fault was seen to do something, and what was looked at meanwhile. */
export function table(verdicts: readonly Verdict[]): string {
  const sum = (of: (verdict: Verdict) => number) => verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const line = (words: string, number: number) => `${words.padEnd(40)} ${String(number).padStart(8)}`;
  const resets = new Set(verdicts.flatMap((verdict) => [...verdict.resets.keys()]));
  return [
    line('runs', verdicts.length),
    line(
      'on Redis',
      sum(({ plan }) => Number(plan.engine === 'redis')),
    ),
    line(
      'acknowledged acts',
      sum(({ model }) => model.acts.length),
    ),
    line(
      'acknowledged and lost on purpose',
      sum(({ model }) => model.acts.filter((act) => act.lost < Infinity).length),
    ),
    line(
      'messages to readers',
      sum(({ messages }) => messages),
    ),
    line(
      'texts searched for what was withdrawn',
      sum(({ bans }) => bans.checked),
    ),
    ...[...resets].sort().map((reason) =>
      line(
        `resets: ${reason}`,
        sum((verdict) => verdict.resets.get(reason) ?? 0),
      ),
    ),
    '',
    'fault, seen to have had its effect',
    ...FAULTS.map((fault) =>
      line(
        `  ${fault}`,
        sum(({ fired }) => fired.get(fault) ?? 0),
      ),
    ),
    '',
    line(
      'violations',
      sum(({ violations, more }) => violations.length + more),
    ),
  ].join('\n');
}
