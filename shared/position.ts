/** Where a reader stands in an edition's log. Clients treat its text form as opaque. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
  /** The mark at `seq`; a position that came in as text holds only its first `MARK_START` characters. */
  readonly mark: string;
}

/** A position as it came in. */
export interface Remembered extends Position {
  /** What shows the server that it gave the position out; '' where nothing does. Readers have no use for it. */
  readonly seal: string;
}

/** How much of a mark a position carries: 48 bits, enough that numbers reused after a failover are told apart. */
const MARK_START = 12;

/** The mark before the first entry of a log. */
export const GENESIS = '0000000000000000000000000000000000000000';

/** The seal may change its length: pages that are open must go on reading. */
const FORM = /^([0-9a-z]{1,16})\.(0|[1-9][0-9]{0,14})\.([0-9a-f]{12})([0-9a-f]{0,40})$/;

export function formatPosition({ epoch, seq, mark }: Position, seal = ''): string {
  return `${epoch}.${seq}.${mark.slice(0, MARK_START)}${seal}`;
}

/** Undefined when the text is no position; never throws, since positions come from strangers. */
export function parsePosition(text: string): Remembered | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [, epoch = '', seq = '', mark = '', seal = ''] = parts;
  return { epoch, seq: Number(seq), mark, seal };
}

/** How many steps `to` is ahead of `from`; no number where they cannot be compared, as in two lives of a log. */
export function stepsBetween(from: string, to: string): number {
  const [epoch, seq] = from.split('.');
  const [other, reached] = to.split('.');
  return epoch === other ? Number(reached) - Number(seq) : Number.NaN;
}

/** Whether the start of a mark that a reader remembers is the start of ours. */
export function sameMark(ours: string, theirs: string): boolean {
  return ours.slice(0, MARK_START) === theirs.slice(0, MARK_START);
}
