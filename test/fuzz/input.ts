import type { Dice } from '../oracle/dice.ts';

export const KINDS = ['frames', 'heads', 'positions', 'bodies'] as const;
export type Kind = (typeof KINDS)[number];

/** What is sent over one connection. */
export interface Input {
  head: Buffer;
  /** Written once the head was answered with a WebSocket. */
  frames?: Buffer;
  /** How the connection ends, once it was answered: in order, or with a reset. `cut` waits for no answer. */
  end: 'fin' | 'reset' | 'cut';
  /** It may be no whole request, or more than one: nobody knows how many answers are due. */
  loose?: boolean;
}

/** What a client can know of the server: what valid inputs are made of. */
export interface Known {
  key: string;
  ids: readonly string[];
  positions: readonly string[];
}

export type Make = (dice: Dice, known: Known) => Input;

export const LIVE = '/v1/editions/en/live';

export function headOf(line: string, ...headers: string[]): Buffer {
  return Buffer.from([line, 'Host: localhost', ...headers, '', ''].join('\r\n'), 'latin1');
}

export const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
