import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Applied, apply, listed, type Rows, rowsOf } from '../../shared/rows.ts';
import type { Message, Snapshot } from '../../shared/wire.ts';
import type { Peer } from './peers/peer.ts';

interface Kept {
  rows: Rows | undefined;
  /** While a snapshot is on its way: what came after it was asked for. */
  since: Message[] | undefined;
}

/** Does for each reader what a client does with what it reads, with the one reducer. */
export function rowKeeper(frames: Readable, peer: Peer) {
  const readers = new Map<number, Kept>();
  /** Readers get the same bytes, so each is parsed once. */
  const parsed = new Map<string, Message>();
  let rest: Buffer = Buffer.alloc(0);
  let heardAt = performance.now();
  frames.on('data', (piece: Buffer) => {
    heardAt = performance.now();
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    while (rest.length - at >= 8) {
      const end = at + 8 + rest.readUInt32LE(at + 4);
      if (rest.length < end) break;
      take(rest.readUInt32LE(at), rest.toString('latin1', at + 8, end));
      at = end;
    }
    rest = rest.subarray(at);
  });

  function take(reader: number, bytes: string): void {
    const message = parsed.get(bytes) ?? (JSON.parse(Buffer.from(bytes, 'latin1').toString()) as Message);
    if (message.type !== 'beat') parsed.set(bytes, message);
    const kept = readers.get(reader) ?? { rows: undefined, since: undefined };
    readers.set(reader, kept);
    if (kept.since) kept.since.push(message);
    else if (message.type === 'hello' && message.snapshot) kept.rows = rowsOf(message.snapshot);
    else if (kept.rows) {
      const { rows, load } = apply(kept.rows, message);
      kept.rows = rows;
      if (load) void reload(kept, load.min);
    }
  }

  async function reload(kept: Kept, min: string): Promise<void> {
    const since: Message[] = [];
    kept.since = since;
    let applied: Applied = { rows: rowsOf(await fetchSnapshot(peer, min)) };
    for (const message of since) applied = { ...applied, ...apply(applied.rows, message) };
    Object.assign(kept, { rows: applied.rows, since: undefined });
    if (applied.load) await reload(kept, applied.load.min);
  }

  return {
    /** Resolves when nothing was read for so long. */
    async quiet(ms: number): Promise<void> {
      heardAt = performance.now();
      while (performance.now() - heardAt < ms) await wait(100);
    },
    listed: () => [...readers.values()].map(({ rows }) => rows && words(rows)),
  };
}

/** The rows as they should be: those of a fresh snapshot. */
export async function wanted(peer: Peer): Promise<string> {
  return words(rowsOf(await fetchSnapshot(peer)));
}

function words(rows: Rows): string {
  return JSON.stringify(listed(rows));
}

async function fetchSnapshot({ port }: Peer, min = ''): Promise<Snapshot> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/editions/en/snapshot${min && `?min=${min}`}`);
  return (await answer.json()) as Snapshot;
}
