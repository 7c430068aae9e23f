import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../support/redis.ts';
import { fuzz } from './run.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    redis: { type: 'boolean', default: false },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const folder = await mkdtemp(join(tmpdir(), 'motograph-fuzz-'));
const redis = values.redis ? await startRedis() : undefined;
const env = { DATA_DIR: folder, PORT: '0', ...(redis && { REDIS_URL: redis.url }) };
const [rounds, seed, from] = [values.rounds, values.seed, values.from].map(Number) as [number, number, number];
const started = performance.now();
const report = await fuzz({ env, rounds, seed, from, idleMs: 2_000 });
console.log(`seed ${seed}, ${redis ? 'Redis' : 'embedded'}, ${Math.round((performance.now() - started) / 1000)} s\n`);
console.log(report.table());
await redis?.stop();
await rm(folder, { recursive: true, force: true });
process.exit(report.faults.length > 0 ? 1 : 0);
