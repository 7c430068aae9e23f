import type { Dice } from '../../oracle/dice.ts';
import { headOf, type Input, type Known, type Make } from '../input.ts';
import { mutate } from '../mutate.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const DAY_MS = 24 * 3600_000;

const DRAFTS: Json[] = [
  { edition: 'en', headline: 'Northern line reopens' },
  {
    edition: 'en',
    headline: 'Grid talks go on',
    url: 'https://news.example/grid',
    label: 'explainer',
    section: 'war',
    tags: ['Rail', 'Energy'],
    summary: 'In short.',
    byline: 'Somebody',
    dateline: 'KYIV',
    slugline: 'grid-talks',
    sources: ['AP', 'Reuters'],
    urgency: 3,
    translationGroup: '01900000-0000-7000-8000-000000000001',
  },
  { edition: 'uk', headline: 'Пороми знову ходять', tags: ['Пороми'] },
];

/** Far enough from now, in both directions, that a change of a digit makes it end neither during a run nor just before. */
const pinEnd = () => new Date(Date.now() + 3.5 * DAY_MS).toISOString();

const ACTS: [act: string, body: () => Json][] = [
  ['amend', () => ({ kind: 'update', revision: 1, changes: { headline: 'Northern line is open', url: null } })],
  ['amend', () => ({ kind: 'correction', revision: 1, notice: 'It was the other line.', changes: { tags: ['Rail'] } })],
  ['amend', () => ({ kind: 'refile', revision: 2, changes: { sources: ['AP'], urgency: 1 } })],
  ['hold', () => ({})],
  ['release', () => ({})],
  ['kill', () => ({ notice: 'It was false.' })],
  ['pin', () => ({ pinnedUntil: pinEnd() })],
  ['unpin', () => ({})],
];

const VALUES: ((dice: Dice) => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 1.5,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => '',
  () => ' \t ',
  () => '\ud800',
  () => 'x\udfffy',
  () => '\0',
  () => '\u202e gnp',
  () => 'e\u0301'.repeat(200),
  () => '🚨'.repeat(301),
  () => 'x'.repeat(3_000),
  () => 'x'.repeat(70_000),
  () => [],
  () => ({}),
  () => ['a', 'a', ['b']],
  () => Array.from({ length: 200 }, (_, at) => `tag ${at}`),
  (dice) => deep(dice.pick([10, 1_000, 8_000])),
  () => ({ constructor: { prototype: { admin: true } }, toString: 1 }),
  () => 'javascript:alert(1)',
  () => 'https://user:pass@news.example/',
  () => '2026-13-45T99:99:99Z',
  () => 'constructor',
  () => '__proto__',
];

/** Put into the text, since no value stands for them. */
const WORDS = [
  '"__proto__":{"a":1},',
  '"edition":"uk",',
  '1e999',
  '-',
  'NaN',
  '\\u',
  '\\ud800',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '"',
  '//',
  '\xef\xbb\xbf',
  '\xff',
  '\xc3',
  '0'.repeat(400),
];

const TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset="utf-8"',
  'application/json;;charset',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/JSON',
  'application/problem+json',
  '',
];

const EXTRA = [
  'Content-Encoding: gzip',
  'Content-Encoding: deflate, br',
  'Idempotency-Key: the same',
  `Idempotency-Key: ${'k'.repeat(200)}`,
  `Idempotency-Key: ${'k'.repeat(201)}`,
  'Idempotency-Key: \xe9',
  'Idempotency-Key: ',
  'Idempotency-Key: __proto__',
  `X-Long: ${'z'.repeat(20_000)}`,
  'X-HTTP-Method-Override: DELETE',
  'Expect: 100-continue',
  'X-Forwarded-For: \xff',
];

/** A gzip head that promises four gigabytes. */
const BOMB = Buffer.from('1f8b0800000000000003edc1010d000000c2a0f74f6d0e37a00000000000000000ffffffff', 'hex');

/** What the newsroom sends, in JSON and around it. */
export const bodies: Make = (dice, known) => {
  if (dice.chance(0.08)) return misled(dice, known);
  const [act, body] = dice.chance(0.5) || known.ids.length === 0 ? ['', () => dice.pick(DRAFTS)] : dice.pick(ACTS);
  const json = dice.chance(0.6) ? changed(dice, body()) : body();
  const text = Buffer.from(JSON.stringify(json));
  const bytes = dice.chance(0.02) ? BOMB : dice.chance(0.35) ? mutate(dice, text, WORDS) : text;
  const id =
    act && dice.chance(0.95) ? dice.pick(known.ids) : dice.pick(['x', '%00', '..', '__proto__', '0'.repeat(36)]);
  const head = headOf(
    `POST /v1/items${act && `/${id}/${act}`} HTTP/1.1`,
    `Authorization: Bearer ${dice.chance(0.96) ? known.key : dice.pick(wrongKeys(known.key))}`,
    `Content-Type: ${dice.chance(0.9) ? 'application/json' : dice.pick(TYPES)}`,
    `Content-Length: ${bytes.length}`,
    ...(dice.chance(0.25) ? [dice.pick(EXTRA)] : []),
  );
  return { head: Buffer.concat([head, bytes]), end: 'fin' };
};

/** A body of another length than is said. It may happen unanswered, so it is for an edition that nobody reads here. */
function misled(dice: Dice, { key }: Known): Input {
  const bytes = Buffer.from(JSON.stringify({ edition: 'ru', headline: 'По-русски' }));
  const chunked = dice.chance(0.5);
  const length = dice.pick([0, 1, bytes.length - 1, bytes.length + 1, 65_537, 1e12, -1]);
  const head = headOf(
    'POST /v1/items HTTP/1.1',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
  );
  return { head: Buffer.concat([head, chunked ? inChunks(dice, bytes) : bytes]), end: 'fin', loose: true };
}

function wrongKeys(key: string): string[] {
  return [
    '',
    'x',
    key.slice(0, -1),
    `${key}x`,
    key.toUpperCase(),
    `mg_${'0'.repeat(12)}_${'A'.repeat(43)}`,
    'k'.repeat(9_000),
  ];
}

/** The value with one place in it changed, taken away, or added. */
function changed(dice: Dice, value: Json): Json {
  if (value === null || typeof value !== 'object' || dice.chance(0.05)) return dice.pick(VALUES)(dice);
  if (Array.isArray(value)) return value.map((one) => (dice.chance(0.5) ? changed(dice, one) : one));
  const names = Object.keys(value);
  const name =
    names.length > 0 && dice.chance(0.9) ? dice.pick(names) : dice.pick(['x', 'id', 'revision', 'constructor']);
  const { [name]: before = null, ...rest } = value;
  return dice.chance(0.15) ? rest : { ...rest, [name]: changed(dice, before) };
}

function deep(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

function inChunks(dice: Dice, bytes: Buffer): Buffer {
  const size = dice.pick([bytes.length.toString(16), 'ffffffffffffffff', '0', '-1', '5;x=y', 'zz']);
  return Buffer.concat([
    Buffer.from(`${size}\r\n`),
    bytes,
    Buffer.from(dice.chance(0.9) ? '\r\n0\r\n\r\n' : '\r\n0\r\nX: y\r\n\r\n'),
  ]);
}
