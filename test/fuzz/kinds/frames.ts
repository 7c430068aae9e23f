import type { Dice } from '../../oracle/dice.ts';
import { headOf, type Known, LIVE, type Make, UPGRADE } from '../input.ts';
import { mutate } from '../mutate.ts';

/** A frame of RFC 6455, 5.2, whatever is wrong with it. */
interface Frame {
  fin: boolean;
  rsv: number;
  opcode: number;
  masked: boolean;
  payload: Buffer;
  /** The length that it claims; else that of the payload. */
  claims?: bigint;
  /** In how many bits it says its length. */
  bits: 7 | 16 | 64;
}

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];

const frame = (opcode: number, payload: string | Buffer = '', more: Partial<Frame> = {}): Frame => {
  const bytes = Buffer.from(payload as string);
  const bits = bytes.length < 126 ? 7 : bytes.length < 65_536 ? 16 : 64;
  return { fin: true, rsv: 0, opcode, masked: true, payload: bytes, bits, ...more };
};

const VALID: Frame[][] = [
  [frame(TEXT, 'hello')],
  [frame(TEXT, 'ї🚨'.repeat(100))],
  [frame(PING, 'are you there?')],
  [frame(PONG)],
  [frame(CLOSE, Buffer.from([0x03, 0xe8]))],
  [frame(CLOSE, Buffer.concat([Buffer.from([0x03, 0xe9]), Buffer.from('bye')]))],
  [frame(TEXT, 'hel', { fin: false }), frame(CONTINUATION, 'lo')],
  [frame(TEXT, 'hel', { fin: false }), frame(PING, 'between'), frame(CONTINUATION, 'lo')],
  [frame(BINARY, Buffer.from([1, 2, 3]))],
  [frame(TEXT, 'x'.repeat(1024))],
  Array.from({ length: 9 }, () => frame(PING)),
];

const LENGTHS = [
  0n,
  1n,
  125n,
  126n,
  127n,
  1024n,
  1025n,
  65_535n,
  65_536n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];
const NOT_UTF8 = [[0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xe2, 0x82], [0xc0, 0x80]];
const CLOSE_CODES = [0, 999, 1004, 1005, 1006, 1014, 1015, 2999, 5000, 65_535];

const WRONGS: ((dice: Dice, frame: Frame) => Frame)[] = [
  (dice, one) => ({ ...one, opcode: dice.whole(0, 15) }),
  (dice, one) => ({ ...one, rsv: dice.whole(1, 7) }),
  (_, one) => ({ ...one, masked: false }),
  (_, one) => ({ ...one, fin: !one.fin }),
  (dice, one) => ({ ...one, claims: dice.pick(LENGTHS), bits: dice.pick([7, 16, 64] as const) }),
  (dice, one) => ({ ...one, bits: dice.pick([16, 64] as const) }),
  (dice, one) => ({ ...one, payload: Buffer.from(dice.pick(NOT_UTF8)) }),
  (dice, one) => ({ ...one, payload: Buffer.alloc(dice.pick([126, 1025, 5_000, 70_000]), 'x'), bits: 64 }),
  (dice, one) => ({ ...one, opcode: dice.pick([CLOSE, PING, PONG]), payload: Buffer.alloc(126), bits: 16 }),
  (dice, one) => ({ ...one, opcode: CLOSE, payload: twoBytes(dice.pick(CLOSE_CODES)) }),
  (dice, one) => ({ ...one, opcode: CLOSE, payload: Buffer.of(dice.whole(0, 255)) }),
  (_, one) => ({ ...one, opcode: CONTINUATION }),
];

/** A good handshake, and after it frames that are not. */
export const frames: Make = (dice, { positions }: Known) => {
  const sent = dice.pick(VALID).flatMap((one) => {
    const wrong = dice.chance(0.6) ? dice.pick(WRONGS)(dice, one) : one;
    return Array.from({ length: dice.chance(0.05) ? 30 : 1 }, () => wrong);
  });
  const bytes = Buffer.concat(sent.map((one) => encoded(dice, one)));
  const since = dice.chance(0.9) ? `?since=${dice.pick(positions)}` : '';
  return {
    head: headOf(`GET ${LIVE}${since} HTTP/1.1`, ...UPGRADE),
    frames: dice.chance(0.4) ? mutate(dice, bytes, ['\x81\x85', '\x88\x80', '\xff\xff', '\0\0\0\0']) : bytes,
    end: dice.pick(['fin', 'fin', 'reset'] as const),
  };
};

function encoded(dice: Dice, { fin, rsv, opcode, masked, payload, claims, bits }: Frame): Buffer {
  const length = claims ?? BigInt(payload.length);
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (bits === 7 ? Number(length & 127n) : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(Number(length & 0xffffn), 2);
  if (bits === 64) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = Buffer.from(Array.from({ length: 4 }, () => dice.whole(0, 255)));
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

function twoBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255);
}
