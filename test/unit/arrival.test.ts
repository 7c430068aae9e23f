import { describe, expect, it } from 'vitest';
import { arrive, type Live } from '../../server/arrival.ts';
import { EngineUnavailable } from '../../server/engine.ts';
import { Greetings } from '../../server/greeting.ts';
import { Snapshots } from '../../server/snapshot.ts';
import { formatPosition } from '../../shared/position.ts';
import { following, logOf, remembered, SEAL } from '../support/follow.ts';
import { itemOf } from '../support/log.ts';

/** A node whose tape is one entry behind the store, until it looks. */
async function behind() {
  const { log, tape, follow, script } = await following(logOf(1));
  log.publish(itemOf(2));
  script.events.length = 0;
  const snapshot = { position: SEAL.format(log.head), items: [] };
  const live = {
    admission: { admit: () => {} },
    greetings: new Greetings(15_000),
    snapshots: { get: async () => ({ position: log.head, snapshot }) },
    followed: new Map([['en', { tape, follow }]]),
  } as unknown as Live;
  return { log, tape, live, follow, script };
}

it('looks at the log when the snapshot that it gives is newer than its tape', async () => {
  const { tape, live, log } = await behind();
  const { position, hello } = await arrive(live, 'en', {});
  expect(tape.locate(position)).toBe(2);
  expect(hello.message).toMatchObject({ position: SEAL.format(log.head), snapshot: {} });
});

it('looks at the log when a reader comes from a node that was ahead', async () => {
  const { tape, live, log } = await behind();
  const { position, hello } = await arrive(live, 'en', { since: SEAL.format(log.head) });
  expect(tape.locate(position)).toBe(2);
  expect(hello.message).toMatchObject({ position: SEAL.format(log.head) });
});

it('looks at the log when a reader remembers another mark: it may be this node that is wrong', async () => {
  const { tape, live, log, script } = await behind();
  const mark = 'f'.repeat(12);
  const { position } = await arrive(live, 'en', { since: `${log.epoch}.1.${mark}` });
  expect(script.events).toEqual(['read']);
  expect(tape.locate(position)).toBe('mark');
});

it('turns away whom it cannot continue while it cannot read the log', async () => {
  const { live, log, script } = await behind();
  script.failing = true;
  await expect(arrive(live, 'en', { since: SEAL.format(log.head) })).rejects.toThrow(EngineUnavailable);
});

it('asks the store nothing for a reader whom it can continue', async () => {
  const { tape, live, script } = await behind();
  await arrive(live, 'en', { since: SEAL.format(tape.head) });
  expect(script.events).toEqual([]);
});

it('takes the last event id before the position of the address', async () => {
  const { tape, live, log } = await behind();
  const { position } = await arrive(live, 'en', { since: 'garbled' }, { lastEventId: SEAL.format(log.head) });
  expect(tape.locate(position)).toBe(2);
});

it('seals the position that it greets a reader with, whose own was not', async () => {
  const { tape, live } = await behind();
  const { hello } = await arrive(live, 'en', { since: formatPosition(tape.head) });
  expect(hello.message).toMatchObject({ position: SEAL.format(tape.head) });
});

describe('a snapshot no older than a position', () => {
  async function snapshots() {
    const node = await behind();
    const { log, tape, follow } = node;
    const rows = async () => ({ position: log.head, items: [], more: false });
    const followed = new Map([['en', { info: { id: 'en' } as never, tape, follow }]]);
    const snapshots = new Snapshots({ rows } as never, followed, SEAL);
    return { ...node, snapshots, stood: remembered(tape.head) };
  }

  it('is given after a look at the log where the position contradicts the tape', async () => {
    const { snapshots: made, script, stood } = await snapshots();
    await made.atLeast(stood, 'en', 30);
    expect(script.events).toEqual([]);
    await made.atLeast({ ...stood, mark: 'f'.repeat(12) }, 'en', 30);
    expect(script.events).toEqual(['read']);
  });

  it('is refused by a node that cannot read the log and does not know the position', async () => {
    const { snapshots: made, script, log, stood } = await snapshots();
    await made.get('en', 30);
    script.failing = true;
    const strangers = [remembered(log.head), { ...stood, mark: 'f'.repeat(12) }, { ...stood, epoch: 'other' }];
    for (const min of strangers) await expect(made.atLeast(min, 'en', 30)).rejects.toThrow(EngineUnavailable);
    await expect(made.atLeast(stood, 'en', 30)).resolves.toBeTruthy();
  });

  it('starts a new epoch when the position was given out and is not on the log', async () => {
    const { snapshots: made, log, tape } = await snapshots();
    const had = remembered({ ...log.head, seq: 2 });
    log.entries = log.entries.slice(0, 1);
    const { position } = await made.atLeast(had, 'en', 30);
    expect(position.epoch).not.toBe(had.epoch);
    expect(tape.epoch).toBe(position.epoch);
  });
});

it('greets all who bring one position, and all who bring none, with the same words', async () => {
  const { tape, live } = await behind();
  const since = formatPosition(tape.head);
  const again = [await arrive(live, 'en', { since }), await arrive(live, 'en', { since })];
  expect(again[1]?.hello).toBe(again[0]?.hello);
});

it('greets each with the position that it brought, not with the one of who came before', async () => {
  const { tape, live, log } = await behind();
  for (const since of [SEAL.format(tape.head), SEAL.format(log.head)])
    expect((await arrive(live, 'en', { since })).hello.message.position).toBe(since);
});
