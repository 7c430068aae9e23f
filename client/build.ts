import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin, transform } from 'esbuild';

/** The whole live widget, by what goes over the wire. */
const MOST_BYTES = 10 * 1024;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Makes an imported style sheet its own text, without what only people read. */
const sheets: Plugin = {
  name: 'sheets',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

await mkdir(here('dist'), { recursive: true });
await build({
  entryPoints: [here('widget/ticker.ts')],
  outfile: here('dist/ticker.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
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

for (const name of ['ticker.js', 'ticker.css', 'page.css', 'frame.js', 'frame.css', 'picker.js', 'picker.css']) {
  const bytes = await readFile(here(`dist/${name}`));
  const sent = gzipSync(bytes).length;
  console.log(`${name} ${bytes.length} bytes, ${sent} gzipped`);
  if (name === 'ticker.js' && sent > MOST_BYTES) throw new Error(`${name} is over ${MOST_BYTES} bytes gzipped`);
}
