import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { EditionInfo } from '../shared/wire.ts';
import { fieldErrors, inWords, StartError, wording } from './errors.ts';

/** Words that stand first in a path of ours, so no edition can be called so. */
const TAKEN = ['desk', 'embed', 'oembed', 'v1', 'r', 'healthz', 'readyz', 'metrics'];

const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is not a code of a-z, 0-9 and "-"');
const text = z.string().trim().min(1, 'is empty').max(120, 'is longer than 120 characters');

const Edition = z.strictObject({
  name: text,
  language: z.string().refine(isLanguage, 'is not a language tag (BCP 47)'),
  direction: z.enum(['ltr', 'rtl']).default('ltr'),
  timeZone: z.string().refine(isTimeZone, 'is not a time zone (an IANA name such as Europe/Kyiv)'),
  zoneLabel: text,
  allUrl: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }).optional(),
});

const File = z
  .strictObject({
    name: text,
    editions: z.record(
      code.refine((id) => !TAKEN.includes(id), 'is a word that paths of Motograph use'),
      Edition,
    ),
    labels: z.record(code, z.record(code, text)).default({}),
    sections: z.array(code).default([]),
  })
  .superRefine(({ editions, labels }, context) => {
    const ids = Object.keys(editions);
    if (ids.length === 0) context.addIssue({ code: 'custom', path: ['editions'], message: 'names no edition' });
    for (const [label, texts] of Object.entries(labels)) {
      const lacking = ids.filter((id) => !Object.hasOwn(texts, id));
      if (lacking.length > 0)
        context.addIssue({ code: 'custom', path: ['labels', label], message: `has no text for ${lacking.join(', ')}` });
    }
  });

/** What `newsroom.json` says. The first edition named is the one that `/` leads to. */
export interface NewsroomFile {
  name: string;
  editions: ReadonlyMap<string, EditionInfo>;
  /** Text of a label in an edition. */
  labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  sections: ReadonlySet<string>;
}

/** @param path where NEWSROOM_FILE points; absent: ./newsroom.json, or else the one that ships. @throws StartError */
export function readNewsroomFile(path: string | undefined): NewsroomFile {
  const shipped = fileURLToPath(new URL('../newsroom.json', import.meta.url));
  const file = path ?? (existsSync('./newsroom.json') ? './newsroom.json' : shipped);
  return parseNewsroomFile(load(resolve(file)), resolve(file));
}

/** @param file the name used in errors. @throws StartError naming the path of what is wrong in the file */
function parseNewsroomFile(json: unknown, file: string): NewsroomFile {
  const result = File.safeParse(json, { error: wording });
  if (!result.success)
    throw new StartError(`Wrong newsroom file ${file}: ${inWords(fieldErrors(result.error, 'the file'))}.`);
  const { name, editions, labels, sections } = result.data;
  return {
    name,
    editions: new Map(
      Object.entries(editions).map(([id, edition]) => [id, { id, ...edition, allUrl: edition.allUrl ?? '' }]),
    ),
    labels: new Map(Object.entries(labels)),
    sections: new Set(sections),
  };
}

function load(file: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new StartError(`Cannot read the newsroom file ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
  // Else a name in another encoding would be shown to every reader with boxes in it.
  if (!isUtf8(bytes)) throw new StartError(`The newsroom file ${file} is not UTF-8. Save it as UTF-8.`);
  try {
    return JSON.parse(bytes.toString().replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new StartError(`The newsroom file ${file} is not JSON: ${(error as Error).message}.`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
