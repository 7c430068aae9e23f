import type { Polled } from '../../../shared/wire.ts';
import { type OpenLink, watched } from '../link.ts';
import { askedFor } from '../world.ts';

const WAIT_S = 20;

/** For networks that let nothing through until it has ended: each answer waits until there is something to say. */
export const openPoll: OpenLink = (world, address, since, ears) => {
  const request = new AbortController();
  const link = watched(world, ears, () => request.abort());

  const ask = async () => {
    // The first is answered at once: it shows that this way is open.
    for (let [position, wait] = [since, 0]; ; wait = WAIT_S) {
      const init = { signal: request.signal, credentials: 'omit' } as const;
      const response = await world.fetch(`${address.live(position)}&wait=${wait}`, init);
      if (!response.ok) return link.fail(askedFor(world, response));
      const polled: Polled = await response.json();
      if (!wait) link.hear({ type: 'hello', edition: '', position, heartbeatMs: WAIT_S * 1_000 });
      polled.messages.forEach(link.hear);
      position = polled.position;
      link.hear({ type: 'beat', position, at: polled.at });
    }
  };
  ask().catch(() => link.fail());
  return link;
};
