import type { Connection } from './connection.ts';
import { later, type World } from './world.ts';

/** Out of sight for this long, nobody needs to be told anything until they look again. */
const HIDDEN_FOR = 300_000;
/** How often a link that died while the machine slept is looked for, and the day and the pins are looked at. */
const TICK = 5_000;

/** Puts a connection to sleep while its page is not looked at, and wakes it. The returned function ends that. */
export function followPresence(world: World, connection: Connection, ticked: () => void): () => void {
  const sleep = () => connection.sleep();
  const wake = () => {
    sleepAfter();
    if (connection.overdue) renew();
    else connection.wake();
  };
  const renew = () => {
    sleep();
    connection.wake();
  };
  const look = () => {
    if (world.hidden()) sleepAfter(HIDDEN_FOR);
    else wake();
  };
  const tick = () => {
    tickAfter(TICK);
    if (connection.overdue) renew();
    ticked();
  };
  const sleepAfter = later(world, sleep);
  const tickAfter = later(world, tick);
  tickAfter(TICK);
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
    sleepAfter,
    tickAfter,
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
