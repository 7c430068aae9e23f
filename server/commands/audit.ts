import { auditLines } from '../audit.ts';
import { Problem } from '../errors.ts';
import { print, withOffice } from './office.ts';

/** Prints who did what, the newest first: in an edition, or without one to the newsroom's own side. */
export function printAudit(edition: string | undefined): Promise<void> {
  return withOffice(async ({ engine, file }) => {
    if (edition !== undefined && !file.editions.has(edition))
      throw new Problem('unknown-edition', `There is no edition "${edition}".`);
    for await (const lines of auditLines(engine, edition)) if (lines !== '') print(lines.trimEnd());
  });
}
