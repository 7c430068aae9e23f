import { expect, it } from 'vitest';
import { Fanout } from '../../server/fanout.ts';
import type { Outlet } from '../../server/reader.ts';
import { Tape } from '../../server/tape.ts';
import { formatPosition, GENESIS } from '../../shared/position.ts';
import { ManualClock } from '../support/clock.ts';

const HEARTBEAT_MS = 16_000;
const LIFETIME_MS = 1_000_000;
const PROBE = Buffer.from('probe ');

function empty() {
  const tape = new Tape('en', 10, formatPosition);
  tape.restart('epoch0', { seq: 0, mark: GENESIS }, []);
  const clock = new ManualClock();
  const start = clock.now();
  const fanout = new Fanout({ tapes: [tape], clock, heartbeatMs: HEARTBEAT_MS, lifetimeMs: LIFETIME_MS });
  const join = ({ probes = false, answers = false } = {}) => {
    const told: { what: string; atMs: number }[] = [];
    const outlet: Outlet = {
      dialect: { encode: (message) => Buffer.from(`${message.type} `), ...(probes && { probe: PROBE }) },
      write(bytes) {
        for (const what of String(bytes).trim().split(' ')) told.push({ what, atMs: clock.now() - start });
        if (answers && bytes === PROBE) fanout.heard(reader);
        return true;
      },
      end: () => told.push({ what: 'closed', atMs: clock.now() - start }),
      cut() {
        told.push({ what: 'cut', atMs: clock.now() - start });
        fanout.leave('en', reader);
      },
    };
    const reader = fanout.join('en', outlet, { position: tape.head });
    return { told, when: (what: string) => told.find((one) => one.what === what)?.atMs };
  };
  return { clock, fanout, join };
}

it('asks each connection to move after 80 to 100 % of its lifetime, spread, and ends it a little later', () => {
  const { clock, join, fanout } = empty();
  const all = Array.from({ length: 200 }, () => join());
  for (let ms = 0; ms < LIFETIME_MS * 1.01; ms += 1_000) clock.advance(1_000);
  const times = all.map(({ when }) => when('goaway') ?? 0);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(LIFETIME_MS * 0.8);
  expect(Math.max(...times)).toBeLessThanOrEqual(LIFETIME_MS + 1_000);
  expect(new Set(times).size).toBeGreaterThan(100);
  for (const { when } of all) expect((when('cut') ?? 0) - (when('goaway') ?? 0)).toBe(4_000);
  expect(fanout.count()).toBe(0);
});

it('drains within the time given, spread over it, and is done when the last has left', async () => {
  const { clock, join, fanout } = empty();
  const all = Array.from({ length: 300 }, () => join());
  let done = false;
  const drained = fanout.drain(20_000).then(() => {
    done = true;
  });
  for (let second = 0; second < 30; second++) {
    clock.advance(1_000);
    await Promise.resolve();
    if (fanout.count() > 0) expect(done).toBe(false);
  }
  await drained;
  const seconds = all.map(({ when }) => Math.floor((when('goaway') ?? 0) / 1_000));
  const histogram = Array.from({ length: 20 }, (_, second) => seconds.filter((at) => at === second + 1).length);
  expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(300);
  expect(Math.max(...histogram)).toBeLessThan(40);
});

it('cuts who has answered no probe for three heartbeats, and keeps who answers', () => {
  const { clock, join, fanout } = empty();
  const dumb = join({ probes: true });
  const alive = join({ probes: true, answers: true });
  const without = join();
  for (let second = 0; second < 16 * 5; second++) clock.advance(1_000);
  expect(dumb.when('cut')).toBeGreaterThan(3 * HEARTBEAT_MS - 1_000);
  expect(dumb.when('cut')).toBeLessThanOrEqual(4 * HEARTBEAT_MS + 1_000);
  expect(alive.told.filter(({ what }) => what === 'probe').length).toBeGreaterThanOrEqual(4);
  expect([alive.when('cut'), without.when('cut')]).toEqual([undefined, undefined]);
  expect(fanout.count()).toBe(2);
});
