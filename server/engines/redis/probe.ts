import type { Redis } from 'ioredis';

const PROBE_MS = 1_000;
/** Unheard for so long, the link counts as dumb. */
const DUMB_MS = 1_500;
/** Unheard for so long, it is closed and made anew. */
const RENEW_MS = 4_000;

export interface Probe {
  /** Whether announcements arrive, as far as anybody can know. */
  hears(): boolean;
  stop(): void;
}

/**
 * An idle link for announcements looks just like a dead one, and one that answers a PING may still be subscribed
 * nowhere, or at a server that nobody publishes to any more. So this node publishes to a channel of its own, the way
 * that commits take, and listens for it. A probe that Redis never accepted proves nothing.
 */
export function startProbe(listening: Redis, publishing: Redis, channel: string): Probe {
  let unheardSince: number | undefined;

  const onReady = (): void => {
    listening.subscribe(channel).catch(() => listening.disconnect(true));
  };
  listening.on('ready', onReady);
  listening.on('message', (to: string) => {
    if (to === channel) unheardSince = undefined;
  });
  onReady();

  const unheardMs = (): number => (unheardSince === undefined ? 0 : Date.now() - unheardSince);
  const timer = setInterval(() => {
    if (unheardMs() > RENEW_MS) {
      unheardSince = Date.now();
      listening.disconnect(true);
    }
    const sentAt = Date.now();
    // Noted before the answer, which can come later than the message itself.
    const first = unheardSince === undefined;
    if (first) unheardSince = sentAt;
    publishing.publish(channel, '').catch(() => {
      if (first && unheardSince === sentAt) unheardSince = undefined;
    });
  }, PROBE_MS);
  timer.unref();

  return { hears: () => unheardMs() <= DUMB_MS, stop: () => clearInterval(timer) };
}
