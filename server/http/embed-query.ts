import * as z from 'zod';
import { type Embed, LAYOUTS, THEMES } from '../../shared/embed.ts';
import { HELD } from '../../shared/rows.ts';
import { foldText } from '../../shared/text.ts';
import { unknownEdition, viewFields, viewOf } from '../arrival.ts';
import { valid } from '../errors.ts';
import type { NewsroomFile } from '../newsroom-file.ts';

const LONGEST_HEADING = 120;

const EmbedQuery = z.object({
  ...viewFields,
  layout: z.enum(LAYOUTS).optional(),
  theme: z.enum(THEMES).optional(),
  rows: z.coerce.number().pipe(z.int().min(1).max(HELD)).optional(),
  heading: z
    .string()
    .overwrite(foldText)
    .max(LONGEST_HEADING, `is longer than ${LONGEST_HEADING} characters`)
    .optional(),
});

/** What the address of an embed asks for. Fields of others (`utm_source`) do not matter. @throws Problem */
export function embedOf(file: NewsroomFile, edition: string, query: unknown): Embed {
  if (!file.editions.has(edition)) unknownEdition(edition);
  const embed = { edition, ...valid(EmbedQuery, query) };
  viewOf(embed.tag, embed.section);
  return embed;
}
