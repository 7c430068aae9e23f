import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { leaveNothing } from './child.ts';
import type { Options } from './runs.ts';
import { burst, redis, routine } from './scenarios/deliver.ts';
import { drain } from './scenarios/drain.ts';
import { growth, views } from './scenarios/growth.ts';
import { idle } from './scenarios/idle.ts';
import { slow } from './scenarios/slow.ts';
import { load } from './usage.ts';

const SCENARIOS: Record<string, (options: Options) => Promise<void>> = {
  routine,
  burst,
  growth,
  views,
  slow,
  idle,
  redis,
  drain,
};
const USAGE = `npm run bench -- [${Object.keys(SCENARIOS).join(' | ')}]… [--readers N --rate N --seconds N --runs N --limit N --peers a,b]`;

leaveNothing();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    readers: { type: 'string' },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    runs: { type: 'string', default: '3' },
    limit: { type: 'string' },
    peers: { type: 'string' },
  },
});
const given = Object.entries(values).map(([name, text]) => [name, name === 'peers' ? text.split(',') : Number(text)]);
const options = Object.fromEntries(given) as Options;
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
if (names.some((name) => !SCENARIOS[name]) || given.some(([, value]) => Number.isNaN(value))) {
  console.error(USAGE);
  process.exit(2);
}
const cores = cpus();
console.log(`${cores.length} cores (${cores[0]?.model}), Linux ${release()}, Node ${process.version}, load ${load()}`);
console.log('Medians over runs; ratios are within one run. Latencies from the moment a publication was due.');
for (const name of names) {
  console.log(`\n${name} (load ${load()})`);
  await SCENARIOS[name]?.(options);
}
process.exit(0);
