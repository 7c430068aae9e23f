import { setTimeout as wait } from 'node:timers/promises';

/** Whether it came true within `ms`. */
export async function until(ms: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; ; await wait(10)) {
    if (await holds()) return true;
    if (Date.now() > end) return false;
  }
}
