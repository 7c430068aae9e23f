import { ROWS } from './arrival.ts';
import type { Clock, Stop } from './clock.ts';
import type { Log } from './log.ts';
import type { Newsroom } from './newsroom.ts';
import type { Snapshots } from './snapshot.ts';

const LOOK_MS = 1_000;

/** What ends by itself ends by a commit: looks for pins whose time has come, on every node, and ends them once. */
export function endPins({ newsroom, snapshots, editions, clock, log }: PinParts): Stop {
  return clock.every(LOOK_MS, () => {
    look().catch((error: Error) => log.debug({ error: error.message }, 'could not look for pins that end'));
  });

  async function look(): Promise<void> {
    for (const edition of editions) {
      const { snapshot } = await snapshots.get(edition, ROWS);
      for (const entry of snapshot.items) {
        const until = 'pinnedUntil' in entry ? entry.pinnedUntil : undefined;
        if (until && 'amendments' in entry && Date.parse(until) <= clock.now()) await newsroom.endPin(entry);
      }
    }
  }
}

interface PinParts {
  newsroom: Newsroom;
  snapshots: Snapshots;
  editions: Iterable<string>;
  clock: Clock;
  log: Log;
}
