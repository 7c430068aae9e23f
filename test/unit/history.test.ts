import { expect, it } from 'vitest';
import type { Revision } from '../../server/engine.ts';
import { historyOf } from '../../server/history.ts';
import type { Content } from '../../shared/item.ts';

const AT = '2026-01-05T08:00:00.000Z';

function words(headline: string, fields: Partial<Content> = {}): Content {
  return { headline, tags: [], sources: [], urgency: 5, ...fields };
}

/** What a newsroom did to an item: a headline for what changes its words, else the name of the act. */
function revisionsOf(...acts: (Content | 'hold' | 'release' | 'pin' | 'unpin')[]): Revision[] {
  return acts.map((act, at): Revision => {
    const revision = { revision: at + 1, at: AT };
    if (typeof act === 'string') return { ...revision, action: act };
    if (at === 0) return { ...revision, action: 'publish', content: act };
    return { ...revision, action: 'amend', content: act, kind: 'correction', notice: `Notice ${at + 1}` };
  });
}

/** Of each change its revision, and what became of the headline. */
function headlines(revisions: Revision[]) {
  return historyOf(revisions).map(({ revision, changes }) => {
    const headline = changes.find(({ field }) => field === 'headline');
    return [revision, headline?.before, headline?.after];
  });
}

it('begins with the words that were published', () => {
  const content = words('One', { tags: [{ slug: 'war', name: 'War' }], url: 'https://news.example/1' });
  expect(historyOf(revisionsOf(content))).toStrictEqual([
    {
      revision: 1,
      kind: null,
      at: AT,
      changes: [
        { field: 'headline', before: null, after: 'One' },
        { field: 'url', before: null, after: 'https://news.example/1' },
        { field: 'tags', before: [], after: [{ slug: 'war', name: 'War' }] },
        { field: 'urgency', before: null, after: 5 },
      ],
    },
  ]);
});

it('tells each amendment with its kind, its notice and what it changed, and of nothing else', () => {
  const history = historyOf([
    ...revisionsOf(words('One', { byline: 'A', sources: ['AP'] }), 'pin', 'unpin'),
    { revision: 4, action: 'amend', at: AT, content: words('Two', { sources: ['AP', 'AFP'] }), kind: 'refile' },
    { revision: 5, action: 'amend', at: AT, content: words('Two'), kind: 'update', notice: 'More to come' },
  ]);
  expect(history.slice(1)).toStrictEqual([
    {
      revision: 4,
      kind: 'refile',
      at: AT,
      changes: [
        { field: 'headline', before: 'One', after: 'Two' },
        { field: 'byline', before: 'A', after: null },
        { field: 'sources', before: ['AP'], after: ['AP', 'AFP'] },
      ],
    },
    {
      revision: 5,
      kind: 'update',
      at: AT,
      notice: 'More to come',
      changes: [{ field: 'sources', before: ['AP', 'AFP'], after: [] }],
    },
  ]);
});

it('tells a correction that changes no word', () => {
  const [, correction] = historyOf(revisionsOf(words('One'), words('One')));
  expect(correction).toStrictEqual({ revision: 2, kind: 'correction', at: AT, notice: 'Notice 2', changes: [] });
});

it('has no word that readers have never seen', () => {
  const held = revisionsOf(words('One'), 'hold', words('Secret'), words('Secret, too'), words('Two'), 'release');
  expect(headlines(held)).toEqual([
    [1, null, 'One'],
    [3, undefined, undefined],
    [4, undefined, undefined],
    [5, 'One', 'Two'],
  ]);
  expect(JSON.stringify(historyOf(held))).not.toContain('Secret');
});

it('tells what a hold hid once, whatever else was done in it', () => {
  const acts = revisionsOf(
    words('One'),
    'hold',
    words('Two'),
    'unpin',
    'hold',
    'release',
    words('Three'),
    'hold',
    'release',
  );
  expect(headlines(acts)).toEqual([
    [1, null, 'One'],
    [3, 'One', 'Two'],
    [7, 'Two', 'Three'],
  ]);
});

it('has no word of a hold that lasts', () => {
  const acts = revisionsOf(words('One'), 'hold', words('Secret'));
  expect(JSON.stringify(historyOf(acts))).not.toContain('Secret');
});
