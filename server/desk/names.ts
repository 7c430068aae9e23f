import { line } from '../../shared/item.ts';
import { foldText } from '../../shared/text.ts';

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const LONGEST = 80;

/** What a person is called in the newsroom, and signs in with beside a password. */
export const Name = line(LONGEST).refine((name) => nameKey(name) !== '', 'is empty');

/** What somebody calls one of their passkeys. */
export const Label = line(LONGEST);

/**
 * Names with the same key are one name: case, compatible forms and invisible characters make no difference, so that
 * nobody can be called like somebody else but for what nobody sees.
 */
export function nameKey(name: string): string {
  // Up and down again: else "ß" and "SS" were two.
  const folded = name.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase();
  return foldText(folded.normalize('NFKC'));
}
