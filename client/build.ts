import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { BUDGET } from './budget.ts';
import { shorten, squeeze } from './squeeze.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The half of a rule that is for our own pages, where the element stands in sight of the sheet. */
const FOR_PAGES = /,motograph-ticker(\[\w+(=\w+)?\])?(?=[,{])/g;
/** Esbuild leaves custom properties as they were written. */
const SPACE = /(?<=[,:]) /g;

/** Makes an imported style sheet its own text, without what only people and our own pages read. */
const sheets: Plugin = {
  name: 'sheets',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: 'css', minify: true });
      return { contents: code.trim().replaceAll(FOR_PAGES, '').replaceAll(SPACE, ''), loader: 'text' };
    });
  },
};

await mkdir(here('dist'), { recursive: true });
const { outputFiles } = await build({
  entryPoints: Object.keys(BUDGET).map((name) => here(`widget/${name.replace('.js', '.ts')}`)),
  outdir: here('dist'),
  bundle: true,
  write: false,
  // Before the rest: words beside words and style beside style are squeezed better than among code.
  inject: [here('../shared/words.ts'), here('widget/mount.ts')],
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  plugins: [sheets],
});
for (const { path, text } of outputFiles) await writeFile(path, await shorten(text));
await build({
  entryPoints: [here('page/frame.ts'), here('page/picker.ts'), here('desk/desk.ts')],
  outdir: here('dist'),
  entryNames: '[name]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
});
await copyFile(here('widget/ticker.css'), here('dist/ticker.css'));
await copyFile(here('desk/desk.css'), here('dist/desk.css'));
for (const name of ['page.css', 'item.css', 'frame.css', 'picker.css', 'favicon.svg'])
  await copyFile(here(`page/${name}`), here(`dist/${name}`));

for (const name of (await readdir(here('dist'))).filter((name) => !name.endsWith('.gz'))) {
  const sent = await squeeze(here(`dist/${name}`));
  const most = BUDGET[name as keyof typeof BUDGET];
  if (most === undefined) continue;
  console.log(`${name} ${sent} bytes as it is sent, of ${most}`);
  if (sent > most) throw new Error(`${name} is over ${most} bytes as it is sent`);
}
