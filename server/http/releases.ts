import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../client/released/', import.meta.url));
const FORM = /^(ticker|ticker-list)-(\d+\.\d+\.\d+)\.js$/;

/** A script of a released version, as it was on that day. */
export interface Release {
  file: string;
  /** `ticker`, or `ticker-list` */
  script: string;
  version: string;
  bytes: Buffer;
  /** What a page that names the version may demand of it (Subresource Integrity). */
  integrity: string;
}

/** All that `npm run release` has kept, the newest version first. There is no folder before the first one. */
export function readReleases(folder: string = FOLDER): Release[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .flatMap((file): Release[] => {
      const [, script, version] = FORM.exec(file) ?? [];
      if (script === undefined || version === undefined) return [];
      const bytes = readFileSync(join(folder, file));
      const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
      return [{ file, script, version, bytes, integrity }];
    })
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}
