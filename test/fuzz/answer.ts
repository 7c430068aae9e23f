import type { Input, Kind } from './input.ts';

/** One answer as it came over the wire. */
export interface Answer {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
  /** Whether no more of it is to come, as far as can be told; of a stream, whether it has begun to speak. */
  whole: boolean;
}

const HEAD_END = '\r\n\r\n';

/** The answers in what came, one after the other. @throws Error when it is no HTTP */
export function answersIn(bytes: Buffer): Answer[] {
  const answers: Answer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(HEAD_END, at);
    if (end < 0) break;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(`${first} `)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`no status line: ${first.slice(0, 200)}`);
    const headers = new Map(
      lines.map((line) => [line.replace(/:.*/s, '').toLowerCase(), line.replace(/^[^:]*: ?/, '')]),
    );
    const rest = bytes.subarray(end + HEAD_END.length);
    const answer = { status, headers, ...bodyOf(status, headers, rest) };
    if (status !== 100) answers.push(answer);
    at = end + HEAD_END.length + answer.body.length;
  }
  return answers;
}

function bodyOf(status: number, headers: ReadonlyMap<string, string>, rest: Buffer): { body: Buffer; whole: boolean } {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (status === 101) return { body: rest, whole: framesIn(rest).length > 0 };
  if (headers.get('content-type')?.startsWith('text/event-stream')) return { body: rest, whole: rest.includes('\n\n') };
  // Of a HEAD only the head comes, so what follows is the next answer.
  if (status === 100 || status === 204 || status === 304 || rest.subarray(0, 7).equals(Buffer.from('HTTP/1.')))
    return { body: rest.subarray(0, 0), whole: true };
  if (Number.isNaN(length)) return { body: rest, whole: headers.get('transfer-encoding') === undefined };
  return { body: rest.subarray(0, length), whole: rest.length >= length };
}

interface ServerFrame {
  opcode: number;
  payload: Buffer;
}

/** The whole frames in what the server wrote. @throws Error for what a server must not write (RFC 6455, 5.2) */
function framesIn(bytes: Buffer): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (let at = 0; bytes.length - at >= 2; ) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    if (![0x81, 0x88, 0x89, 0x8a].includes(first) || second > 127) throw new Error(`no frame: ${first} ${second}`);
    const head = second === 126 ? 4 : second === 127 ? 10 : 2;
    if (bytes.length - at < head) break;
    const length =
      head === 2 ? second : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length - at < head + length) break;
    frames.push({ opcode: first & 15, payload: bytes.subarray(at + head, at + head + length) });
    at += head + length;
  }
  return frames;
}

/** What tells of our inside: stacks, paths, the names of the parts we are made of. Inputs hold none of it. */
const INSIDE = /\n\s+at |node:|node_modules|\.(?:ts|lua|js):\d|\/server\/|\bERR_[A-Z]+|SQLITE|ioredis|Zod|Error:/;
/** What Node's parser answers in our place, when it is no HTTP that came. */
const PARSER = [400, 408, 413, 417, 431];

const PROBLEM = 'application/problem+json; charset=utf-8';

/** What is wrong with an answer, in words. */
export function faultsOf(kind: Kind, input: Input, answer: Answer): string[] {
  const { status, headers, body } = answer;
  const text = body.toString();
  const faults: string[] = [];
  const bare = PARSER.includes(status) && !headers.has('content-type');
  // What answers a HEAD has no body.
  const headOnly = kind === 'heads' && body.length === 0 && headers.get('content-type') === PROBLEM;
  if (status >= 400 && !bare && !headOnly) {
    const problem = problemIn(answer);
    if (problem?.status !== status || !problem.type || !problem.title || !problem.detail)
      faults.push('is no problem document');
    const stated = status === 503 && headers.has('retry-after');
    if (status >= 500 && !stated) faults.push('blames the server');
  }
  if (!headers.get('content-type')?.includes('javascript') && INSIDE.test(text)) faults.push('tells of our inside');
  if (status === 101) faults.push(...framesIn(body).flatMap(faultsOfFrame));
  if (kind === 'bodies' && !input.loose && !answer.whole) faults.push('is cut off');
  return faults;
}

function faultsOfFrame({ opcode, payload }: ServerFrame): string[] {
  if (opcode === 8) return payload.length === 0 || payload.length >= 2 ? [] : ['closes with half a code'];
  if (opcode !== 1) return [];
  const { type } = JSON.parse(payload.toString());
  return ['hello', 'item', 'hold', 'kill', 'beat', 'reset'].includes(type) ? [] : [`says ${type}`];
}

function problemIn({ headers, body }: Answer): Record<string, unknown> | undefined {
  if (!headers.get('content-type')?.startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** By what an answer is counted: its status, and of a WebSocket what it was closed with. */
export function wordFor({ status, body }: Answer): string {
  if (status !== 101) return `${status}`;
  const close = framesIn(body).find(({ opcode }) => opcode === 8);
  if (!close) return '101';
  const code = close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
  // The others are those that we closed with, which are given back.
  return code < 3000 ? `closed ${code}` : 'closed 3000-';
}
