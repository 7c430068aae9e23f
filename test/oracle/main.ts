import { parseArgs } from 'node:util';
import { FAULTS } from './plan.ts';
import { accusation, table } from './report.ts';
import { run } from './run.ts';
import type { Verdict } from './verdict.ts';

/** So many runs are enough to ask that each fault came about often. */
const MANY = 300;
const OFTEN = 30;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '3' },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const first = Number(values.seed ?? values.from);
const seeds = Array.from({ length: values.seed === undefined ? Number(values.seeds) : 1 }, (_, at) => first + at);
const verdicts: Verdict[] = [];

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(`\n${table(verdicts)}`);
const failed = verdicts.filter(({ violations }) => violations.length > 0);
const rare = FAULTS.filter((fault) => verdicts.reduce((sum, { fired }) => sum + (fired.get(fault) ?? 0), 0) < OFTEN);
const tooRare = verdicts.length >= MANY ? rare : [];
for (const fault of tooRare) console.log(`too rare to prove anything: ${fault}`);
process.exit(failed.length + tooRare.length > 0 ? 1 : 0);

async function work(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const verdict = await run(seed);
    verdicts.push(verdict);
    const ms = Math.round(performance.now() - verdict.started);
    const fired = [...verdict.fired].map(([fault, times]) => `${fault}${times > 1 ? ` x${times}` : ''}`).join(', ');
    if (verdict.violations.length > 0) console.log(accusation(verdict));
    else console.log(`seed ${verdict.plan.seed}: ${ms} ms, ${verdict.model.acts.length} acts; ${fired}`);
  }
}
