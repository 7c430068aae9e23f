import { print, say, storeOf, withOffice } from './office.ts';

/** What an acknowledgement must be worth for "nothing acknowledged is lost". */
const DURABLE = ['sqlite-full', 'aof-always'];

/** Says whether the service would start here, and what its promises would be worth. */
export function check(): Promise<void> {
  return withOffice(async ({ settings, file, engine }) => {
    const durability = await engine.durability();
    print({
      node: process.versions.node,
      engine: engine.name,
      store: storeOf(settings),
      durability,
      newsroom: file.name,
      editions: [...file.editions.keys()],
    });
    const { MAX_READERS, ACCEPTS_PER_SECOND, DRAIN_MS } = settings;
    if (DRAIN_MS * ACCEPTS_PER_SECOND < MAX_READERS * 1000)
      say(
        `Warning: ${MAX_READERS} readers cannot move to another node within DRAIN_MS=${DRAIN_MS}: ` +
          `it would take ${Math.ceil((MAX_READERS / ACCEPTS_PER_SECOND) * 1000)} at ${ACCEPTS_PER_SECOND} accepts a second.`,
      );
    if (!DURABLE.includes(durability))
      say(`Warning: durability is "${durability}": a crash of the store can lose what was acknowledged.`);
  });
}
