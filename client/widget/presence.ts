import type { Connection } from './connection.ts';
import type { World } from './world.ts';

/** Out of sight for this long, nobody needs to be told anything until they look again. */
const HIDDEN_FOR = 300_000;
/** How often a link that died while the machine slept is looked for, and the day and the pins are looked at. */
const TICK = 5_000;

/** Puts a connection to sleep while its page is not looked at, and wakes it. The returned function ends that. */
export function followPresence(world: World, connection: Connection, ticked: () => void): () => void {
  let cancelSleep = () => {};
  let cancelTick = world.after(TICK, tick);

  const sleep = () => connection.sleep();
  const wake = () => {
    cancelSleep();
    if (connection.overdue) renew();
    else connection.wake();
  };
  const renew = () => {
    sleep();
    connection.wake();
  };
  const look = () => {
    if (world.hidden()) cancelSleep = world.after(HIDDEN_FOR, sleep);
    else wake();
  };
  if (world.hidden()) look();
  const stops = [
    world.on('visibilitychange', look),
    // Left for another page, this one may be kept and shown again: with a socket open it would not be.
    world.on('pagehide', sleep),
    world.on('pageshow', wake),
    world.on('freeze', sleep),
    world.on('resume', wake),
    world.on('offline', renew),
    world.on('online', wake),
    () => cancelSleep(),
    () => cancelTick(),
  ];
  return () => {
    for (const stop of stops) stop();
  };

  function tick(): void {
    cancelTick = world.after(TICK, tick);
    if (connection.overdue) renew();
    ticked();
  }
}
