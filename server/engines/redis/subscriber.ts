import type { Redis } from 'ioredis';
import type { Announcement } from '../../engine.ts';
import { unavailable } from './failure.ts';

interface Topic {
  edition: string;
  channel: string;
  /** Hash whose field `seq` is the edition's head. */
  meta: string;
}

interface Heard extends Topic {
  listeners: Set<(announced: Announcement) => void>;
}

export interface Subscriber {
  /** @throws EngineUnavailable */
  subscribe(topic: Topic, listener: (announced: Announcement) => void): Promise<() => void>;
}

/** Nobody may sleep through an outage: after each reconnection every listener is called with the head as it is then. */
export function createSubscriber(link: Redis): Subscriber {
  const heard = new Map<string, Heard>();
  const asleep = new Set<Heard>();

  function announce(topic: Heard, seq: number): void {
    asleep.delete(topic);
    for (const listener of [...topic.listeners]) {
      try {
        listener({ edition: topic.edition, seq });
      } catch (error) {
        // One listener's mistake must neither keep the others asleep nor end the process.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  async function wake(topic: Heard): Promise<void> {
    await link.subscribe(topic.channel);
    const seq = Number(await link.hget(topic.meta, 'seq'));
    // A message that came meanwhile may have a higher number, and numbers are announced in their order.
    if (asleep.has(topic)) announce(topic, seq);
  }

  link.on('ready', () => {
    for (const topic of heard.values()) asleep.add(topic);
    Promise.all([...heard.values()].map(wake)).catch(() => link.disconnect(true));
  });
  link.on('message', (channel: string, seq: string) => {
    const topic = heard.get(channel);
    if (topic) announce(topic, Number(seq));
  });

  return {
    async subscribe(topic, listener) {
      // Also where others listen already: the answer proves that the link is up and that older announcements are through.
      await link.subscribe(topic.channel).catch((error) => {
        throw unavailable(error);
      });
      const entry = heard.get(topic.channel) ?? { ...topic, listeners: new Set() };
      heard.set(topic.channel, entry);
      const own = (announced: Announcement) => listener(announced);
      entry.listeners.add(own);
      return () => entry.listeners.delete(own);
    },
  };
}
