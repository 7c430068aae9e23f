import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Applies each deliberate bug in this folder to a copy of the last commit and shows which test finds it, and in which
 * words. A patch begins with what the bug would do to people, and names the tests to run. Exits with 1 when a bug lives.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const only = process.argv.slice(2);

const copy = mkdtempSync(join(tmpdir(), 'motograph-mutants-'));
run('git', ['worktree', 'add', '--detach', copy, 'HEAD'], ROOT);
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
symlinkSync(join(ROOT, 'client/dist'), join(copy, 'client/dist'));
let [killed, lived] = [0, 0];
/** Tests that were seen to hold where no bug is: only such a test can find one. */
const sound = new Set<string>();
try {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.patch'))) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
    const failure = killerOf(name);
    if (failure === undefined) lived++;
    else killed++;
    console.log(`${failure === undefined ? 'LIVES ' : 'killed'}  ${name.replace('.patch', '')}  ${failure ?? ''}`);
  }
} finally {
  run('git', ['worktree', 'remove', '--force', copy], ROOT);
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${killed} killed, ${lived} alive`);
process.exit(lived > 0 ? 1 : 0);

/** The first test that fails with the bug in, and its words, or undefined. */
function killerOf(name: string): string | undefined {
  const patch = join(FOLDER, name);
  const [, tests = ''] = /^Tests: (.+)$/m.exec(readFileSync(patch, 'utf8')) ?? [];
  if (!sound.has(tests)) {
    const failure = failureOf(tests);
    if (failure) throw new Error(`${tests} fails with no bug in: ${failure}`);
    sound.add(tests);
  }
  run('git', ['apply', patch], copy);
  try {
    return failureOf(tests);
  } finally {
    run('git', ['checkout', '--quiet', '.'], copy);
  }
}

/** The first test of those named that fails, and its words. A bug is to be found by one, so each file has to load. */
function failureOf(tests: string): string | undefined {
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const options = ['--reporter=json', `--outputFile=${output}`, '--bail=1'];
  const { stderr } = spawnSync('npx', ['vitest', 'run', ...options, ...tests.split(' ')], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (!existsSync(output)) throw new Error(`${tests}: the tests did not run: ${stderr.slice(0, 2_000)}`);
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  if (report.success && report.numTotalTests > 0) return undefined;
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.find(({ status }) => status === 'failed');
  if (!failed) throw new Error(`${tests}: no test ran: ${JSON.stringify(report.testResults).slice(0, 2_000)}`);
  return `${failed.fullName}\n        ${failed.failureMessages[0]?.split('\n')[0] ?? ''}`;
}

interface Report {
  success: boolean;
  numTotalTests: number;
  testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
}

function run(command: string, args: string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
