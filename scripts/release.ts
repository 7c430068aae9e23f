import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readReleases } from '../server/http/releases.ts';

/** Keeps the built scripts under the version of package.json, for good. Commit what it adds, and put the hashes into the README. */
const root = fileURLToPath(new URL('../', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

mkdirSync(`${root}client/released`, { recursive: true });
for (const script of ['ticker', 'ticker-list']) {
  const built = `${root}client/dist/${script}.js`;
  const kept = `${root}client/released/${script}-${version}.js`;
  if (!existsSync(built)) continue;
  if (existsSync(kept) && !readFileSync(kept).equals(readFileSync(built)))
    throw new Error(`${script}-${version}.js is released, with other bytes. Raise the version in package.json.`);
  cpSync(built, kept);
}
for (const release of readReleases())
  if (release.version === version) console.log(`${release.file}  ${release.integrity}`);
