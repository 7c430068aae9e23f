import { beforeEach, describe, expect, it } from 'vitest';
import { type Mode, type Status, statusOf } from '../../client/widget/status.ts';
import type { Item, Tombstone } from '../../shared/item.ts';
import { settingOf } from '../../shared/ticker.ts';
import { itemOf } from '../support/log.ts';
import { editionOf, tombstoneOf } from '../support/newsroom.ts';
import { TestWorld } from '../support/world.ts';

const setting = settingOf({ edition: editionOf(), language: undefined });
const correction = { revision: 2, kind: 'correction', at: '2026-01-05T09:00:00.000Z', notice: 'Not two.' } as const;

let world: TestWorld;
let status: Status;
let entries: Map<string, Item | Tombstone>;
let said: string[];

beforeEach(() => {
  world = new TestWorld();
  entries = new Map();
  said = [];
  status = statusOf(world, () => said.push(status.text(entries, setting)));
});

const hears = (mode: Mode, ...changed: (Item | Tombstone)[]) => {
  const changes = changed.map((entry) => ({ entry, before: entries.get(entry.id)?.revision ?? 0 }));
  for (const entry of changed) entries.set(entry.id, entry);
  status.take(changes, mode);
};
const flash = (number: number, fields = {}) => itemOf(number, { urgency: 1, ...fields });

describe('by default', () => {
  it('says how many have come, at most every 30 seconds', async () => {
    hears('counts', itemOf(1));
    hears('counts', itemOf(2), itemOf(3));
    expect(said).toStrictEqual([]);
    await world.pass(500);
    expect(said).toStrictEqual(['3 new headlines']);
    hears('counts', itemOf(4));
    await world.pass(29_499);
    expect(said.filter(Boolean)).toHaveLength(1);
    hears('counts', itemOf(5));
    await world.pass(501);
    expect(said.at(-1)).toBe('2 new headlines');
  });

  it('says a flash word by word and at once, also between two counts', async () => {
    hears('counts', itemOf(1));
    await world.pass(500);
    hears('counts', itemOf(2), flash(3, { headline: 'Parliament votes' }));
    await world.pass(500);
    expect(said.at(-1)).toMatch(/^10:03 Flash: Parliament votes/);
    await world.pass(29_500);
    expect(said.at(-1)).toBe('1 new headline');
  });

  it('is silent again soon, so that nobody finds it later as if it were new', async () => {
    hears('counts', itemOf(1));
    await world.pass(10_500);
    expect(said).toStrictEqual(['1 new headline', '']);
  });

  it('says a correction of what it had said word by word, and no other', async () => {
    hears('counts', flash(1), itemOf(2));
    await world.pass(500);
    said = [];
    hears('counts', itemOf(2, { revision: 2, amendments: [correction] }));
    await world.pass(500);
    expect(said).toStrictEqual([]);
    hears('counts', flash(1, { revision: 2, headline: 'Four days', amendments: [correction] }));
    await world.pass(500);
    expect(said.at(-1)).toMatch(/Four days Corrected 11:00 Not two\.$/);
    said = [];
    hears('counts', flash(1, { revision: 3, headline: 'Four days!', amendments: [correction] }));
    await world.pass(9_000);
    expect(said).toStrictEqual([]);
  });

  it('says that it was withdrawn, and its text no more', async () => {
    hears('counts', flash(1, { headline: 'Mayor resigns' }));
    await world.pass(500);
    hears('counts', tombstoneOf(flash(1, { revision: 2 })));
    expect(status.text(entries, setting)).not.toContain('resigns');
    await world.pass(500);
    expect(said.at(-1)).toMatch(/Withdrawn .*Not confirmed\.$/);
  });

  it('never says what was killed or held before it came to be said', async () => {
    const mistake = flash(1, { headline: 'Mayor resigns' });
    hears('counts', mistake);
    hears('counts', tombstoneOf({ ...mistake, revision: 2 }));
    hears('counts', flash(2));
    entries.delete(flash(2).id);
    await world.pass(500);
    expect(said.join()).not.toMatch(/resigns|Headline 2/);
  });
});

it.each([
  ['off', 0],
  ['urgent', 2],
  ['all', 3],
] as const)('says as much as is asked for: %s', async (mode, lines) => {
  hears(mode, flash(1), itemOf(2, { urgency: 3 }), itemOf(3));
  await world.pass(60_000);
  expect((said[0] ?? '').match(/Headline/g)?.length ?? 0).toBe(lines);
  expect(said.join()).not.toContain('new headline');
});

it('says nothing more once it is stopped', async () => {
  hears('all', itemOf(1));
  status.stop();
  await world.pass(60_000);
  expect(said).toStrictEqual([]);
});
