import { type Figures, type Load, measure } from './measure.ts';
import { PEERS } from './peers/all.ts';
import type { Peer, StartPeer } from './peers/peer.ts';
import { median } from './table.ts';
import { load as machineLoad } from './usage.ts';

export interface Options {
  readers?: number;
  rate?: number;
  seconds?: number;
  runs: number;
  /** Accepts a second, where they are paced. */
  limit?: number;
  peers?: string[];
}

/** A thing to measure, by the name it has in the table. */
export interface Case<T> {
  name: string;
  run: () => Promise<T | undefined>;
}

/** All cases once, then all again, so that what disturbs the machine for a while disturbs all alike. */
export async function repeat<T>(cases: readonly Case<T>[], runs: number): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>();
  for (let turn = 1; turn <= runs; turn++)
    for (const { name, run } of cases) {
      process.stderr.write(`  run ${turn} of ${runs}: ${name} (load ${machineLoad()})\n`);
      const result = await run();
      if (result === undefined) continue;
      results.set(name, [...(results.get(name) ?? []), result]);
    }
  return results;
}

export function delivery(name: string, load: Load): Case<Figures> {
  return { name, run: () => withPeer(name, (peer) => measure(peer, load)) };
}

/** Starts a peer of its own for the work, and stops it. */
export async function withPeer<T>(name: string, work: (peer: Peer) => Promise<T>): Promise<T | undefined> {
  const startPeer: StartPeer | undefined = PEERS[name];
  if (!startPeer) throw new Error(`there is no peer ${name}; there are ${Object.keys(PEERS).join(', ')}`);
  const peer = await startPeer();
  if (!peer) return undefined;
  try {
    return await work(peer);
  } finally {
    await peer.stop();
  }
}

/** A figure's ratio to another case's, in each run. */
export function ratios<T>(results: Map<string, T[]>, of: string, to: string, figure: (result: T) => number): number[] {
  const others = results.get(to) ?? [];
  return (results.get(of) ?? []).map((mine, at) => figure(mine) / figure(others[at] ?? mine));
}

export function middle<T>(results: readonly T[], figure: (result: T) => number): number {
  return median(results.map(figure));
}
