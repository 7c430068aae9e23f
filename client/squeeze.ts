import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { minify } from 'terser';
import { INNER_NAMES } from './inner-names.ts';

const zopfli = (() => {
  const before = process.listeners('uncaughtException');
  const loaded = createRequire(import.meta.url)('@gfx/zopfli') as typeof import('@gfx/zopfli');
  // It wants to hear of every error of the process, and answers each by printing its own source.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    for (const listener of process.listeners(event))
      if (!before.includes(listener as never)) process.off(event, listener);
  return loaded;
})();

/** The same script in fewer bytes: functions are written where they are used, and what nobody else calls has short names. */
export async function shorten(script: string): Promise<string> {
  const inner = new RegExp(`^(?:${INNER_NAMES.join('|')})$`);
  const { code = '' } = await minify(script, {
    module: true,
    ecma: 2022,
    compress: { passes: 5, unsafe_arrows: true, unsafe_methods: true },
    mangle: { toplevel: true, properties: { regex: inner, keep_quoted: true } },
  });
  return code;
}

/** Writes beside a file what is sent of it: harder squeezed than there is time for while readers wait. */
export async function squeeze(path: string): Promise<number> {
  const squeezed = await zopfli.gzipAsync(await readFile(path), { numiterations: 15 });
  await writeFile(`${path}.gz`, squeezed);
  return squeezed.length;
}
