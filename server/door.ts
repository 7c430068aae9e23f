import type { Clock } from './clock.ts';
import { Links } from './desk/links.ts';
import { Staff } from './desk/staff.ts';
import { Keys } from './keys.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import type { Records } from './records.ts';
import { Sessions } from './sessions.ts';

/** Who may come in to the newsroom's own side, and by what. */
export interface Door {
  keys: Keys;
  sessions: Sessions;
  staff: Staff;
  links: Links;
}

export function openDoor(records: Records, file: NewsroomFile, clock: Clock): Door {
  const editions = new Set(file.editions.keys());
  return {
    keys: new Keys(records, file, clock),
    sessions: new Sessions(records, clock),
    staff: new Staff({ records, editions, clock }),
    links: new Links({ records, editions, clock }),
  };
}
