import { setTimeout as wait } from 'node:timers/promises';
import type { Rows } from '../../shared/rows.ts';
import type { Dice } from './dice.ts';
import type { OracleReader } from './reader.ts';

/** What a reader does of itself while things happen. */
export async function live(reader: OracleReader, dice: Dice, ended: AbortSignal): Promise<void> {
  const { habit } = reader.plan;
  // Whoever is behind a stale cache loads again and again, to meet it.
  const loads = reader.plan.staleMs !== undefined && habit !== 'sleeper';
  if (!loads && (habit === 'steady' || habit === 'sleeper')) return;
  let once: Rows | undefined = reader.rows;
  while (!ended.aborted) {
    await wait(dice.whole(80, 500));
    if (ended.aborted) return;
    if (loads && dice.chance(0.4)) reader.forget();
    else if (habit === 'old' && dice.chance(0.6)) {
      // A page from the browser's memory: everything since then has to be made good.
      reader.sleep();
      reader.wake(once ?? reader.rows);
    } else if (habit === 'flaky') {
      reader.sleep();
      if (dice.chance(0.4)) await wait(dice.whole(0, 200));
      reader.wake();
    }
    if (reader.settled && dice.chance(0.5)) once = reader.rows;
  }
}
