import * as z from 'zod';
import { Problem } from '../errors.ts';
import type { Records, Write } from '../records.ts';
import type { Account } from './account.ts';

const KIND = 'office';
const ID = 'chiefs';
const Ids = z.array(z.string());

/** Who could let everybody else in again. */
export function isChief({ grants, disabledAt }: Pick<Account, 'grants' | 'disabledAt'>): boolean {
  return disabledAt === undefined && grants.some(({ role, edition }) => role === 'chief' && edition === '*');
}

export async function hasChief(records: Records): Promise<boolean> {
  return (await records.get(KIND, ID)) !== undefined;
}

/**
 * What has to be part of the change that leaves an account a chief of all editions, or not. All such changes meet in
 * one record, so two of them cannot at once take the last two chiefs away, nor make the first one twice.
 *
 * @throws Problem `last-chief`
 */
export async function chiefsWrite(records: Records, id: string, is: boolean): Promise<Write[]> {
  const stored = await records.get(KIND, ID);
  const chiefs = stored ? Ids.parse(stored.value) : [];
  if (chiefs.includes(id) === is) return [];
  const value = is ? [...chiefs, id] : chiefs.filter((chief) => chief !== id);
  if (value.length === 0)
    throw new Problem('last-chief', 'Nobody else is a chief of all editions. Make somebody else one first.');
  return [{ kind: KIND, id: ID, expects: stored?.version ?? 0, value }];
}

/** The first chief: of several who would be it at once, one is. */
export function firstChiefWrite(id: string): Write {
  return { kind: KIND, id: ID, expects: 0, value: [id] };
}
