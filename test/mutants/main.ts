import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Applies each deliberate bug in this folder to a copy of the last commit and shows which test finds it. A patch begins
 * with what the bug would do to people, and names the tests to run. Exits with 1 when a bug lives.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const only = process.argv.slice(2);

const copy = mkdtempSync(join(tmpdir(), 'motograph-mutants-'));
run('git', ['worktree', 'add', '--detach', copy, 'HEAD'], ROOT);
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
symlinkSync(join(ROOT, 'client/dist'), join(copy, 'client/dist'));
let [killed, lived] = [0, 0];
try {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.patch'))) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
    const test = killerOf(name);
    if (test === undefined) lived++;
    else killed++;
    console.log(`${test === undefined ? 'LIVES ' : 'killed'}  ${name.replace('.patch', '')}  ${test ?? ''}`);
  }
} finally {
  run('git', ['worktree', 'remove', '--force', copy], ROOT);
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${killed} killed, ${lived} alive`);
process.exit(lived > 0 ? 1 : 0);

/** The first test that fails with the bug in, or undefined. */
function killerOf(name: string): string | undefined {
  const patch = join(FOLDER, name);
  const [, tests = ''] = /^Tests: (.+)$/m.exec(readFileSync(patch, 'utf8')) ?? [];
  run('git', ['apply', patch], copy);
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const options = ['--reporter=json', `--outputFile=${output}`, '--bail=1'];
  const { stderr } = spawnSync('npx', ['vitest', 'run', ...options, ...tests.split(' ')], {
    cwd: copy,
    encoding: 'utf8',
  });
  run('git', ['checkout', '--quiet', '.'], copy);
  if (!existsSync(output)) throw new Error(`${name}: the tests did not run: ${stderr.slice(0, 2_000)}`);
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  if (report.numTotalTests === 0) throw new Error(`${name}: "${tests}" names no test`);
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.find(({ status }) => status === 'failed')?.fullName;
  // A bug that stops a file from loading is found as well.
  return failed ?? (report.success ? undefined : 'the file does not load');
}

interface Report {
  success: boolean;
  numTotalTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

function run(command: string, args: string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
