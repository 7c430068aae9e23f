import type { Records } from '../../server/records.ts';
import { type Desk, deskOn, type TestStore } from './desk.ts';

/**
 * Two nodes on one store that both have read all that they need when the first of them changes anything: the worst
 * moment of a race, and not left to chance.
 */
export async function meeting(store: TestStore): Promise<[Desk, Desk]> {
  const there = Promise.withResolvers<void>();
  let come = 0;
  const waiting = (records: Records): Records => ({
    get: records.get.bind(records),
    list: records.list.bind(records),
    acts: records.acts.bind(records),
    put: records.put.bind(records),
    take: records.take.bind(records),
    increment: records.increment.bind(records),
    change: async (...args) => {
      if (++come === 2) there.resolve();
      await there.promise;
      return records.change(...args);
    },
  });
  const other = await store.another();
  return [deskOn(waiting(store.records), store.clock), deskOn(waiting(other.records), store.clock)];
}
