import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin, transform } from 'esbuild';

const KB = 1024;
/** The scripts, and the most that each may be as it is sent. */
const SCRIPTS = { 'ticker.js': 12.75 * KB, 'ticker-list.js': 11.6 * KB, 'module.js': 12.75 * KB };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The half of a rule that is for our own pages, where the element stands in sight of the sheet. */
const FOR_PAGES = /,motograph-ticker(\[\w+(=\w+)?\])?(?=[,{])/g;

/** Makes an imported style sheet its own text, without what only people and our own pages read. */
const sheets: Plugin = {
  name: 'sheets',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: 'css', minify: true });
      return { contents: code.trim().replaceAll(FOR_PAGES, ''), loader: 'text' };
    });
  },
};

await mkdir(here('dist'), { recursive: true });
await build({
  entryPoints: Object.keys(SCRIPTS).map((name) => here(`widget/${name.replace('.js', '.ts')}`)),
  outdir: here('dist'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  plugins: [sheets],
});
await build({
  entryPoints: [here('page/frame.ts'), here('page/picker.ts')],
  outdir: here('dist'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
});
await copyFile(here('widget/ticker.css'), here('dist/ticker.css'));
for (const name of ['page.css', 'frame.css', 'picker.css', 'favicon.svg'])
  await copyFile(here(`page/${name}`), here(`dist/${name}`));

for (const [name, most] of Object.entries(SCRIPTS)) {
  const bytes = await readFile(here(`dist/${name}`));
  const sent = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name} ${bytes.length} bytes, ${sent} gzipped of ${most}`);
  if (sent > most) throw new Error(`${name} is over ${most} bytes gzipped`);
}
