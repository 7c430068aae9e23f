import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const USE = `
import { headline, register } from './types/client/widget/module.js';
register({ headline });
const ticker = document.createElement('motograph-ticker');
ticker.addEventListener('motograph:kill', ({ detail }) => detail.notice.trim());
ticker.addEventListener('motograph:item', ({ detail }) => detail.headline.trim());
// @ts-expect-error an item has no such thing
ticker.addEventListener('motograph:item', ({ detail }) => detail.nothing);
`;

it('the module of the widget has types that hold for who uses it', async () => {
  // Inside the tree, for the packages that the types stand on.
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'dist/use-'));
  const tsc = (...args: string[]) =>
    run(join(ROOT, 'node_modules/.bin/tsc'), args, { cwd: ROOT }).then(
      () => '',
      ({ stdout }) => stdout,
    );
  try {
    expect(await tsc('-p', 'client/tsconfig.pack.json', '--outDir', join(folder, 'types'))).toBe('');
    await writeFile(join(folder, 'use.ts'), USE);
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--lib', 'es2024,dom,dom.iterable', '--types', ''];
    expect(await tsc('--ignoreConfig', ...options, join(folder, 'use.ts'))).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
