import type { Dice } from '../../oracle/dice.ts';
import { headOf, LIVE, type Make, UPGRADE } from '../input.ts';
import { mutate } from '../mutate.ts';

const SNAPSHOT = '/v1/editions/en/snapshot';
const WORDS = [
  '.',
  '0',
  '9'.repeat(16),
  '-1',
  'e9',
  '%00',
  '%ff',
  '%',
  '&',
  '&tag=a&section=b',
  '&limit=101',
  '&tag=%F0',
  '+',
  ' ',
];
const STRANGE = [
  '',
  '.',
  '..',
  '...',
  '0',
  'null',
  '[object Object]',
  `${'9'.repeat(20)}`,
  'x'.repeat(4_000),
  '\u{1f6a8}',
];
const VIEWS = ['', '', '&tag=Rail', '&tag=%D0%A0', '&section=war', '&section=nowhere', '&tag=', '&tag[]=a', '&since=x'];

/** Changes that keep the form of a position, so that they get past it. */
const WRONGS: ((dice: Dice, parts: string[]) => string[])[] = [
  (dice, [, ...rest]) => [dice.pick(['a', '0', 'zzzzzzzzzzzzzzzz']), ...rest],
  (dice, [epoch = '', seq, mark = '']) => [epoch, `${Math.max(0, Number(seq) + dice.whole(-2_000, 2_000))}`, mark],
  (dice, [epoch = '', , mark = '']) => [epoch, dice.pick(['0', '999999999999999', '9007199254740993']), mark],
  (dice, [epoch = '', seq = '']) => [epoch, seq, dice.pick(['0'.repeat(12), 'f'.repeat(12), 'F'.repeat(12)])],
  (_, parts) => parts.toReversed(),
  (_, parts) => parts.slice(0, 2),
];

/** Places in the log that there are and that there are not, by every way that a reader can name one. */
export const positions: Make = (dice, known) => {
  const real = dice.pick(known.positions);
  const wrong = dice.chance(0.5) ? dice.pick(WRONGS)(dice, real.split('.')).join('.') : real;
  const some = dice.chance(0.1) ? dice.pick(STRANGE) : wrong;
  const bytes = dice.chance(0.4) ? mutate(dice, Buffer.from(`${some} `), WORDS) : Buffer.from(some);
  // Half of them as they stand, which may end the line early; half of them as one value, whatever is in it.
  const text = bytes.toString('latin1');
  const value = dice.chance(0.5) ? encodeURIComponent(text) : text.replace(/[\r\n ]/g, '');
  const view = dice.pick(VIEWS);
  const end = dice.pick(['fin', 'fin', 'reset'] as const);
  const request = (line: string, ...headers: string[]) => ({ head: headOf(`${line} HTTP/1.1`, ...headers), end });
  const ways = [
    () => request(`GET ${LIVE}?since=${value}${view}`, ...UPGRADE),
    () => request(`GET ${LIVE}?since=${value}${view}`, 'Accept: text/event-stream'),
    () =>
      request(
        `GET ${LIVE}?since=x${view}`,
        'Accept: text/event-stream',
        `Last-Event-ID: ${text.replace(/[\r\n]/g, '')}`,
      ),
    () => request(`GET ${LIVE}?wait=0&since=${value}${view}`),
    () => request(`GET ${SNAPSHOT}?min=${value}${view}`),
    () => request(`GET ${SNAPSHOT}?limit=${dice.pick(['0', '1', '30', '100', '101', '1e1', 'NaN', value])}${view}`),
  ];
  return { ...dice.pick(ways)(), loose: true };
};
