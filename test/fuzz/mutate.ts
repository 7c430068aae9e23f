import type { Dice } from '../oracle/dice.ts';

type Mutation = (dice: Dice, bytes: Buffer, words: readonly string[]) => Buffer;

/** More than any limit of the server, and little enough to be sent often. */
const LONGEST = 100_000;

const MUTATIONS: Mutation[] = [
  function flip(dice, bytes) {
    const at = dice.whole(0, bytes.length - 1);
    return spliced(bytes, at, 1, Buffer.of((bytes[at] ?? 0) ^ (1 << dice.whole(0, 7))));
  },
  function set(dice, bytes) {
    return spliced(bytes, dice.whole(0, bytes.length - 1), 1, Buffer.of(dice.pick(BYTES)));
  },
  function drop(dice, bytes) {
    return spliced(bytes, ...stretch(dice, bytes), Buffer.of());
  },
  function double(dice, bytes) {
    const [at, length] = stretch(dice, bytes);
    return spliced(bytes, at, 0, bytes.subarray(at, at + length));
  },
  function repeat(dice, bytes) {
    const [at, length] = stretch(dice, bytes);
    const times = dice.pick([4, 100, 2_000]);
    const many = Array.from({ length: Math.min(times, LONGEST / length) }, () => bytes.subarray(at, at + length));
    return spliced(bytes, at, 0, Buffer.concat(many));
  },
  function move(dice, bytes) {
    const [at, length] = stretch(dice, bytes);
    const rest = spliced(bytes, at, length, Buffer.of());
    return spliced(rest, dice.whole(0, rest.length), 0, bytes.subarray(at, at + length));
  },
  function say(dice, bytes, words) {
    return spliced(
      bytes,
      dice.whole(0, bytes.length),
      dice.pick([0, 0, 1, 4]),
      Buffer.from(dice.pick(words), 'latin1'),
    );
  },
  function noise(dice, bytes) {
    const some = Buffer.from(Array.from({ length: dice.whole(1, 16) }, () => dice.whole(0, 255)));
    return spliced(bytes, dice.whole(0, bytes.length), 0, some);
  },
  function end(dice, bytes) {
    return bytes.subarray(0, dice.whole(1, bytes.length));
  },
];

/** Bytes at which parsers turn. */
const BYTES = [0, 1, 9, 10, 13, 32, 34, 37, 44, 46, 47, 58, 92, 123, 125, 127, 128, 192, 237, 254, 255];

/** The bytes after one to four changes. @param words what may be put into them, a byte a character */
export function mutate(dice: Dice, bytes: Buffer, words: readonly string[]): Buffer {
  let mutated = bytes;
  for (let times = dice.pick([1, 1, 2, 4]); times > 0; times--)
    if (mutated.length > 0) mutated = dice.pick(MUTATIONS)(dice, mutated, words).subarray(0, LONGEST);
  return mutated;
}

function stretch(dice: Dice, bytes: Buffer): [at: number, length: number] {
  const at = dice.whole(0, bytes.length - 1);
  return [at, dice.whole(1, Math.min(dice.pick([1, 8, 64]), bytes.length - at))];
}

function spliced(bytes: Buffer, at: number, length: number, put: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
}
