import { expect, it, vi } from 'vitest';
import { arrive, type Live } from '../../server/arrival.ts';
import { EngineUnavailable } from '../../server/engine.ts';
import { Greetings } from '../../server/greeting.ts';
import { Snapshots } from '../../server/snapshot.ts';
import { Tape } from '../../server/tape.ts';
import { formatPosition, GENESIS } from '../../shared/position.ts';
import { itemOf, ScriptedLog } from '../support/log.ts';

/** A node whose tape is one entry behind the store, until it is told to look. */
function behind() {
  const log = new ScriptedLog();
  log.publish(itemOf(1));
  const tape = new Tape('en', 10);
  tape.restart(log.epoch, { seq: 0, mark: GENESIS }, log.entries);
  const entry = log.publish(itemOf(2));
  const refresh = vi.fn(async () => {
    if (tape.head.seq === 1) tape.append([entry]);
  });
  const snapshot = { position: formatPosition(log.head), items: [] };
  const live = {
    admission: { admit: () => {} },
    greetings: new Greetings(15_000),
    snapshots: { get: async () => ({ position: log.head, snapshot }) },
    followed: new Map([['en', { tape, follow: { refresh, healthy: true } }]]),
  } as unknown as Live;
  return { log, tape, live, refresh };
}

it('looks at the log when the snapshot that it gives is newer than its tape', async () => {
  const { tape, live, log } = behind();
  const { position, hello } = await arrive(live, 'en', {});
  expect(tape.locate(position)).toBe(2);
  expect(hello.message).toMatchObject({ position: formatPosition(log.head), snapshot: {} });
});

it('looks at the log when a reader comes from a node that was ahead', async () => {
  const { tape, live, log } = behind();
  const { position, hello } = await arrive(live, 'en', { since: formatPosition(log.head) });
  expect(tape.locate(position)).toBe(2);
  expect(hello.message).toMatchObject({ position: formatPosition(log.head) });
});

it('looks at the log when a reader remembers another mark: it may be this node that is wrong', async () => {
  const { tape, live, log, refresh } = behind();
  const mark = 'f'.repeat(40);
  const { position } = await arrive(live, 'en', { since: formatPosition({ ...log.head, seq: 1, mark }) });
  expect(refresh).toHaveBeenCalledTimes(1);
  expect(tape.locate(position)).toBe('mark');
});

it('turns away whom it cannot continue while it cannot read the log', async () => {
  const { live, log } = behind();
  const follow = live.followed.get('en')?.follow as { healthy: boolean; refresh: () => Promise<void> };
  Object.assign(follow, { healthy: false, refresh: async () => {} });
  await expect(arrive(live, 'en', { since: formatPosition(log.head) })).rejects.toThrow(EngineUnavailable);
});

it('asks the store nothing for a reader whom it can continue', async () => {
  const { tape, live, refresh } = behind();
  await arrive(live, 'en', { since: formatPosition(tape.head) });
  expect(refresh).not.toHaveBeenCalled();
});

it('takes the last event id before the position of the address', async () => {
  const { tape, live, log } = behind();
  const { position } = await arrive(live, 'en', { since: 'garbled' }, formatPosition(log.head));
  expect(tape.locate(position)).toBe(2);
});

it('looks at the log before it answers with a snapshot for a position that contradicts its tape', async () => {
  const { tape, log, refresh } = behind();
  const info = { id: 'en' } as never;
  const rows = async () => ({ position: log.head, items: [], more: false });
  const followed = new Map([['en', { info, tape, follow: { refresh } as never }]]);
  const snapshots = new Snapshots({ rows } as never, followed);
  await snapshots.atLeast(tape.head, 'en', 30);
  expect(refresh).not.toHaveBeenCalled();
  await snapshots.atLeast({ ...tape.head, mark: 'f'.repeat(40) }, 'en', 30);
  expect(refresh).toHaveBeenCalledTimes(1);
});

it('greets all who bring one position, and all who bring none, with the same words', async () => {
  const { tape, live } = behind();
  const since = formatPosition(tape.head);
  const again = [await arrive(live, 'en', { since }), await arrive(live, 'en', { since })];
  expect(again[1]?.hello).toBe(again[0]?.hello);
});
