/** Where a reader stands in an edition's log. Clients treat its text form as opaque. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
  /** The mark at `seq`; a position that came in as text holds only its first `MARK_START` characters. */
  readonly mark: string;
}

/** How much of a mark a position carries: 48 bits, enough that numbers reused after a failover are told apart. */
const MARK_START = 12;

/** The mark before the first entry of a log. */
export const GENESIS = '0'.repeat(40);

const FORM = /^([0-9a-z]{1,16})\.(0|[1-9][0-9]{0,14})\.([0-9a-f]{12})$/;

export function formatPosition({ epoch, seq, mark }: Position): string {
  return `${epoch}.${seq}.${mark.slice(0, MARK_START)}`;
}

/** Undefined when the text is no position; never throws, since positions come from strangers. */
export function parsePosition(text: string): Position | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [, epoch = '', seq = '', mark = ''] = parts;
  return { epoch, seq: Number(seq), mark };
}

/** Whether the start of a mark that a reader remembers is the start of ours. */
export function sameMark(ours: string, theirs: string): boolean {
  return ours.slice(0, MARK_START) === theirs.slice(0, MARK_START);
}
