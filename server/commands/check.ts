import { print, say, withOffice } from './office.ts';

/** What an acknowledgement must be worth for "nothing acknowledged is lost". */
const DURABLE = ['sqlite-full', 'aof-always'];

/** Says whether the service would start here, and what its promises would be worth. */
export function check(): Promise<void> {
  return withOffice(async ({ settings, file, engine }) => {
    const durability = await engine.durability();
    print({
      node: process.versions.node,
      engine: engine.name,
      store: settings.REDIS_URL ? settings.REDIS_URL.replace(/\/\/[^@/]*@/, '//') : settings.DATA_DIR,
      durability,
      newsroom: file.name,
      editions: [...file.editions.keys()],
    });
    if (!DURABLE.includes(durability))
      say(`Warning: durability is "${durability}": a crash of the store can lose what was acknowledged.`);
  });
}
