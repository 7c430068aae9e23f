import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';

/** What lies between us and a page, as an argument: tests stand in for the whole internet. */
export interface Network {
  /** All addresses of a host, which may be an address itself. */
  resolve(hostname: string): Promise<string[]>;
  /** Opens a connection to one of these addresses and to no other, whatever the name in `options` stands for by now. */
  connect(options: buildConnector.Options, addresses: readonly string[], done: buildConnector.Callback): void;
}

const CONNECT_MS = 2_000;

/**
 * The internet. Names are asked for without the system's own resolver: its threads are few, serve files and squeezing
 * too, and would be held up by every name whose servers do not answer.
 */
export function internet(resolver = new Resolver({ timeout: 500, tries: 2 })): Network {
  return {
    async resolve(hostname) {
      if (isIP(hostname)) return [hostname];
      const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    },

    connect(options, addresses, done) {
      const all = addresses.map((address) => ({ address, family: isIP(address) }));
      const connect = buildConnector({
        allowH2: false,
        autoSelectFamily: true,
        timeout: CONNECT_MS,
        lookup: (_hostname, _options, answer) => answer(null, all),
      });
      connect(options, done);
    },
  };
}
