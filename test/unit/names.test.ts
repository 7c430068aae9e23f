import { expect, it } from 'vitest';
import { Name, nameKey } from '../../server/desk/names.ts';

it.each([
  ['Олена', 'ОЛЕНА'],
  ['Ann Lee', '  ann   LEE '],
  ['ﬁnn', 'FINN'],
  ['Jose\u0301', 'JOSÉ'],
  ['Straße', 'STRASSE'],
  ['Ann', 'A\u200bnn'],
  ['Ann', 'Ann\u00ad'],
  ['Ａｎｎ', 'Ann'],
])('takes "%s" and "%s" for one', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

it.each([
  ['Ann', 'Anna'],
  ['Олена', 'Olena'],
])('takes "%s" and "%s" for two', (one, other) => {
  expect(nameKey(one)).not.toBe(nameKey(other));
});

it.each([[''], ['   '], ['\u3164'], ['a'.repeat(81)], ['Ann\u0000'], ['Ann\u202e'], ['\ud800']])(
  'refuses the name %j',
  (name) => {
    expect(Name.safeParse(name).success).toBe(false);
  },
);

it('folds white space, line breaks too, and keeps the rest as it is', () => {
  expect(Name.parse(' Ann\r\n  <b>Lee</b> ')).toBe('Ann <b>Lee</b>');
  expect(Name.parse('ї'.repeat(80))).toHaveLength(80);
});
