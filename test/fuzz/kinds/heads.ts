import type { Dice } from '../../oracle/dice.ts';
import { headOf, LIVE, type Make, UPGRADE } from '../input.ts';
import { mutate } from '../mutate.ts';

/** Nobody here has a key, so that nothing is published whose answer could be missed. */
const VALID = [
  headOf(`GET ${LIVE} HTTP/1.1`, ...UPGRADE),
  headOf(`GET ${LIVE}?tag=rail HTTP/1.1`, ...UPGRADE, 'Sec-WebSocket-Extensions: permessage-deflate'),
  headOf(`GET ${LIVE} HTTP/1.1`, ...UPGRADE, 'Sec-WebSocket-Protocol: news, ticker', 'Origin: https://news.example'),
  headOf(`GET ${LIVE} HTTP/1.1`, 'Accept: text/event-stream'),
  headOf(`GET ${LIVE}?wait=0 HTTP/1.1`, 'Accept: application/json'),
  headOf('GET /v1/editions/en/snapshot?limit=10 HTTP/1.1', 'If-None-Match: "x"'),
  headOf('GET /en HTTP/1.1', 'Accept-Language: en'),
  headOf('GET /v1/editions HTTP/1.1'),
  headOf('GET /ticker.js HTTP/1.1', 'Range: bytes=0-10', 'Accept-Encoding: gzip'),
  headOf('OPTIONS /v1/editions/en/snapshot HTTP/1.1', 'Access-Control-Request-Method: GET'),
  headOf('POST /v1/items HTTP/1.1', 'Content-Length: 0'),
];

const TARGETS = [
  '*',
  '//',
  '/%',
  '/%00',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/../../etc/passwd',
  '/v1/editions/%00/live',
  '/v1/editions/%ff/live',
  '/v1/editions/__proto__/live',
  '/v1/editions/constructor/snapshot',
  '/v1/items/%F0%9F',
  'http://localhost/en',
  `http://other.example:1${LIVE}`,
  'localhost:443',
  '?',
  '',
  `/${'x'.repeat(9_000)}`,
  `${LIVE}?since=${'9'.repeat(9_000)}`,
  `${LIVE}?${'a=1&'.repeat(2_000)}`,
  `${LIVE}?since[a][b]=1&since=2&tag[]=x`,
  '/en?limit=1;limit=2#fragment',
  '/\x00',
  '/\xff\xfe',
];

const LINES = [
  'Upgrade: h2c',
  'Upgrade: websocket, h2c',
  'Connection: Upgrade, HTTP2-Settings',
  'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'Connection: keep-alive, close',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Expect: 100-continue',
  'Expect: nonsense',
  'Host: other.example',
  'Host: ',
  'Sec-WebSocket-Version: 12',
  'Sec-WebSocket-Version: 13, 8',
  'Sec-WebSocket-Key: ',
  'Sec-WebSocket-Key: short',
  `Sec-WebSocket-Key: ${'A'.repeat(5_000)}==`,
  'Sec-WebSocket-Protocol: ,,,',
  'Sec-WebSocket-Protocol: a, a',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99',
  'Sec-WebSocket-Extensions: ;;==,"',
  'X-Forwarded-For: 1.2.3.4, nonsense, ::1',
  `X-Long: ${'y'.repeat(20_000)}`,
  ' folded',
  ': no name',
  'no colon',
  'Nul: a\0b',
  'Accept: text/event-stream;q=0.000001, */*;q=9, ;;',
  'Accept-Language: x-x-x;q=nan, *',
  'Range: bytes=9-0',
  'Cookie: __proto__=1',
];

const METHODS = ['HEAD', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PRI', 'get', 'QUERY', 'G\0T', 'POST'];
const VERSIONS = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.1 ', 'HTTQ/1.1', ''];
const WORDS = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  ' ',
  '\t',
  '\0',
  '%',
  '%00',
  '..',
  ': ',
  ',',
  ';',
  'HTTP/1.1',
  'chunked',
  'GET / HTTP/1.1\r\n',
];

const WRONGS: ((dice: Dice, lines: string[]) => string[])[] = [
  (dice, [first = '', ...rest]) => [first.replace(/^\S+/, dice.pick(METHODS)), ...rest],
  (dice, [first = '', ...rest]) => [first.replace(/ \S*/, () => ` ${dice.pick(TARGETS)}`), ...rest],
  (dice, [first = '', ...rest]) => [first.replace(/\S+$/, dice.pick(VERSIONS)), ...rest],
  (dice, lines) => lines.toSpliced(dice.whole(1, lines.length), 0, dice.pick(LINES)),
  (dice, lines) => lines.toSpliced(dice.whole(1, lines.length - 1), 1),
  (dice, lines) => lines.toSpliced(dice.whole(1, lines.length), 0, dice.pick(lines)),
  (dice, lines) => lines.toSpliced(dice.whole(1, lines.length), 0, ...Array<string>(dice.pick([10, 300])).fill('X: y')),
];

/** The heads of requests and upgrades, one or several in a row, as they are and as they are not. */
export const heads: Make = (dice) => {
  const some = Array.from({ length: dice.chance(0.15) ? dice.whole(2, 12) : 1 }, () => {
    let lines = dice.pick(VALID).toString('latin1').split('\r\n').slice(0, -2);
    for (let times = dice.whole(0, 2); times > 0; times--) lines = dice.pick(WRONGS)(dice, lines);
    return Buffer.from(`${lines.join(dice.chance(0.03) ? '\n' : '\r\n')}\r\n\r\n`, 'latin1');
  });
  const head = Buffer.concat(some);
  return {
    head: dice.chance(0.4) ? mutate(dice, head, WORDS) : head,
    end: dice.pick(['fin', 'fin', 'fin', 'reset', 'cut'] as const),
    loose: true,
  };
};
