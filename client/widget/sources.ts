import type { Rows } from '../../shared/rows.ts';
import type { Source } from './address.ts';
import { type Change, changesBetween } from './changes.ts';
import { type Connection, connect } from './connection.ts';
import { followPresence } from './presence.ts';
import { BROWSER, type World } from './world.ts';

/** A place at a connection that all tickers of one source share. */
export interface Seat {
  readonly connection: Connection;
  /** Whether this is the ticker that speaks: twenty of the same on a page must not say everything twenty times. */
  speaks(): boolean;
  leave(): void;
}

type Listener = (changes: readonly Change[]) => void;

interface Shared {
  connection: Connection;
  listeners: Set<Listener>;
  stop(): void;
}

const shared = new Map<string, Shared>();

/** `changed` is called after each change, with what is new to a reader. */
export function join(source: Source, changed: Listener, world: World = BROWSER): Seat {
  const name = JSON.stringify(source);
  const { connection, listeners, stop } = shared.get(name) ?? open(source, name, world);
  listeners.add(changed);
  return {
    connection,
    speaks: () => listeners.values().next().value === changed,
    leave() {
      listeners.delete(changed);
      if (listeners.size > 0) return;
      shared.delete(name);
      stop();
    },
  };
}

function open(source: Source, name: string, world: World): Shared {
  const listeners = new Set<Listener>();
  const connection = connect(source, tell, world);
  const unfollow = followPresence(world, connection, tell);
  let seen: Rows | undefined;
  const place = { connection, listeners, stop };
  shared.set(name, place);
  return place;

  function tell(): void {
    const { rows } = connection;
    const changes = seen && rows && seen !== rows ? changesBetween(seen, rows) : [];
    seen = rows;
    for (const listener of listeners) listener(changes);
  }

  function stop(): void {
    unfollow();
    connection.stop();
  }
}
