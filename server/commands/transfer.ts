import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type Item, isTombstone } from '../../shared/item.ts';
import { writtenOf } from '../content.ts';
import type { Engine, RowsQuery } from '../engine.ts';
import { Problem } from '../errors.ts';
import { importItems, type Line, SINGLY } from '../import.ts';
import { operator, print, say, storeOf, withOffice } from './office.ts';

/** So that pinned items stand at their own time from the first page on. */
const LATEST = { publishedAt: '9999-12-31T23:59:59.999Z', id: '' };
const PAGE = 500;

/** @param from a file of JSON Lines, or `-` for stdin */
export function importFile(from: string): Promise<void> {
  return withOffice(async (office) => {
    const { added, known } = await importItems(office, operator(), await readLines(from));
    print({ added, known });
    say(
      `${added} added, ${known} known already${added > SINGLY ? '; readers load the ticker anew' : ''}, in ${storeOf(office.settings)}.`,
    );
  });
}

/** Prints every published item, newest first, in the form that `import` reads. */
export function exportItems(edition: string | undefined): Promise<void> {
  return withOffice(async ({ engine, file }) => {
    if (edition !== undefined && !file.editions.has(edition))
      throw new Problem('unknown-edition', `There is no edition "${edition}".`);
    for (const id of edition === undefined ? file.editions.keys() : [edition])
      for await (const item of publishedItems(engine, id)) print(lineOf(item));
  });
}

async function* publishedItems(engine: Engine, edition: string): AsyncGenerator<Item> {
  let before: RowsQuery['before'] = LATEST;
  while (before) {
    const { items, more } = await engine.rows(edition, { limit: PAGE, before });
    for (const entry of items) if (!isTombstone(entry)) yield entry;
    before = more ? items.at(-1) : undefined;
  }
}

function lineOf(item: Item): Record<string, unknown> {
  const { edition, id, publishedAt } = item;
  return { edition, id, publishedAt, ...writtenOf(item) };
}

/** Lines end at a line feed only: JSON may hold U+2028, where readline would cut. */
async function readLines(from: string): Promise<Line[]> {
  const text = await readText(from);
  return text
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [{ number: at + 1, value: parse(line, at + 1) }]));
}

async function readText(from: string): Promise<string> {
  try {
    const bytes = await buffer(from === '-' ? process.stdin : createReadStream(from));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem('broken-json', `${from} is not UTF-8. Nothing was imported.`);
    throw new Problem('not-found', `Cannot read ${from} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Problem('broken-json', `Line ${number} is not JSON: ${(error as Error).message}. Nothing was imported.`);
  }
}
