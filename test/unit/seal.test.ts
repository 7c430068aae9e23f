import { expect, it } from 'vitest';
import { Seal } from '../../server/seal.ts';
import { formatPosition, type Position, parsePosition, type Remembered } from '../../shared/position.ts';

const SECRET = 'a'.repeat(64);
const seal = new Seal(SECRET);
const position: Position = { epoch: 'k2f09a1z', seq: 41, mark: '0123456789abcdef'.repeat(2) };

function read(text: string): Remembered {
  return parsePosition(text) ?? expect.fail(`not a position: ${text}`);
}

it('is eight hexadecimal digits behind the start of the mark, the same in every process of the store', () => {
  expect(seal.format(position)).toMatch(/^k2f09a1z\.41\.0123456789ab[0-9a-f]{8}$/);
  expect(new Seal(SECRET).format(position)).toBe(seal.format(position));
  expect(seal.isOurs(read(seal.format(position)))).toBe(true);
});

it('is for one epoch, one number and one mark, under one secret', () => {
  const ours = read(seal.format(position));
  const others: Remembered[] = [
    { ...ours, epoch: 'k2f09a1y' },
    { ...ours, seq: 42 },
    { ...ours, mark: 'fff456789abc' },
    read(new Seal('b'.repeat(64)).format(position)),
    read(formatPosition(position)),
  ];
  for (const other of others) expect(seal.isOurs(other)).toBe(false);
});

it('is not the import secret’s own doing: what is known of ids tells nothing of seals', async () => {
  const { createHmac } = await import('node:crypto');
  const direct = createHmac('sha256', SECRET).update(formatPosition(position)).digest('hex');
  expect(read(seal.format(position)).seal).not.toBe(direct.slice(0, 8));
});

it('may be missing, shorter or longer, as that of another version', () => {
  const text = formatPosition(position);
  for (const tail of ['', '0', '01234567', '0'.repeat(40)])
    expect(parsePosition(`${text}${tail}`)).toMatchObject({ seq: 41, mark: '0123456789ab', seal: tail });
  expect(parsePosition(`${text}${'0'.repeat(41)}`)).toBeUndefined();
  for (const tail of ['', '0', '0123456', '012345678', 'é1234567', '0'.repeat(40)])
    expect(seal.isOurs({ ...read(text), seal: tail })).toBe(false);
});
