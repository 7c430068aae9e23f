import { expect, it, vi } from 'vitest';
import { readSettings } from '../../server/config.ts';
import { importItems } from '../../server/import.ts';
import { openOffice } from '../../server/office.ts';
import { newStore } from '../support/service.ts';

const CALLER = { actor: { id: 'test', grants: [{ role: 'chief' as const, edition: '*' }] }, from: 'test' };
const ID = '01900000-0000-7000-8000-000000000001';

it('looks up only the ids that the lines bring along, and refuses one that stands for an item elsewhere', async () => {
  const { env, remove } = await newStore('embedded');
  const office = await openOffice(readSettings(env));
  const find = vi.spyOn(office.engine, 'find');
  const past = (edition: string, more = {}) => ({
    number: 1,
    value: { edition, headline: 'Old', publishedAt: '2026-01-05T08:00:00Z', ...more },
  });
  const lines = [past('en'), past('uk'), past('en', { headline: 'Older' }), past('en', { id: ID })];
  expect(await importItems(office, CALLER, lines)).toEqual({ added: 4, known: 0 });
  expect(find.mock.calls).toEqual([[ID]]);
  await expect(importItems(office, CALLER, [past('uk', { id: ID })])).rejects.toThrow('of the edition "en"');
  await office.engine.close();
  await remove();
});
