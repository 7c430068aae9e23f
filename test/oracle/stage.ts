import type { Cluster } from './cluster.ts';
import type { Dice } from './dice.ts';
import type { Publishers } from './publisher.ts';
import type { OracleReader } from './reader.ts';
import type { Verdict } from './verdict.ts';

/** All that a fault can lay hands on. */
export interface Stage {
  verdict: Verdict;
  cluster: Cluster;
  publishers: Publishers;
  readers: OracleReader[];
  /** Another reader, which is judged at the end like the others. */
  addReader: (reader: OracleReader) => void;
  dice: Dice;
}

/** Readers that nothing else will wake, those first that are there to be away. */
export function idle({ readers }: Stage): OracleReader[] {
  const found = readers.filter(({ plan, settled }) => settled && (plan.habit === 'sleeper' || plan.habit === 'steady'));
  return found.toSorted((a, b) => Number(b.plan.habit === 'sleeper') - Number(a.plan.habit === 'sleeper'));
}
