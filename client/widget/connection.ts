import { apply, type Rows, rowsOf } from '../../shared/rows.ts';
import type { State } from '../../shared/ticker.ts';
import type { EditionInfo, Message } from '../../shared/wire.ts';
import { addressOf, type Source } from './address.ts';
import type { Link } from './link.ts';
import { openPoll } from './links/poll.ts';
import { openEventStream } from './links/sse.ts';
import { openWebSocket } from './links/websocket.ts';
import { type Answer, load, reaches } from './loader.ts';
import { BROWSER, backOff, later, type World } from './world.ts';

/** The best first; where one is not let through, the next is tried. */
const WAYS = [openWebSocket, openEventStream, openPoll];
/** A reset reaches all readers at once; they load over this long. */
const LOAD_JITTER = 1_000;
/** A link that lived this long ended for a reason of its own: the next attempts start from the shortest wait again. */
const STEADY = 30_000;
/** How long a second-best way is kept before the best is tried again beside it; twice as long after each failure. */
const BETTER_AFTER = 60_000;
const BETTER_MOST = 3_600_000;

export interface Connection {
  rows: Rows | undefined;
  edition: EditionInfo | undefined;
  readonly state: State;
  /** By the server's clock, once it has told it. */
  readonly now: number;
  /** When the rows were last known to be true. */
  readonly asOf: number;
  /** The link was silent for longer than it may be, and no timer noticed: the machine itself was asleep. */
  readonly overdue: boolean;
  /** Lets go of every link. The rows stay, and say of what time they are. */
  sleep(): void;
  /** Catches up, now and in one request: what there was is gone, or works again. Does nothing while there is a link. */
  wake(): void;
  stop(): void;
}

/**
 * Keeps the rows of one source up to date, for ever, until it is stopped. `changed` is called after each change.
 *
 * A snapshot is followed by a link from its own position: so the server says whether its log goes through it, a cache
 * cannot bring back what has ended, and no message is ever kept for later.
 */
export function connect(source: Source, changed: () => void, world: World = BROWSER): Connection {
  const address = addressOf(source);
  /** A snapshot is wanted; not older than `min`, where that is known, and never than the rows. */
  let wanted: boolean;
  let min: string | undefined;
  let link: Link | undefined;
  let linkWay: number;
  let linkedAt: number;
  /** The link is going to end, or there is none: the next one is wanted soon, by whatever way. */
  let leaving = true;
  /** The link that is to follow, until its hello: only then is the old one closed, so that nobody waits. */
  let next: Link | undefined;
  /** Which of the ways is tried next. */
  let way = 0;
  let betterAfter = BETTER_AFTER;
  let failures = 0;
  let cancelLoad = () => {};
  let clockAhead = 0;
  let heartbeat: number;
  let heardAt = 0;
  const attemptAfter = later(world, attempt);

  const connection: Connection = {
    rows: undefined,
    edition: undefined,
    get state() {
      return link ? 'live' : failures > 0 ? 'reconnecting' : 'connecting';
    },
    get now() {
      return world.now() + clockAhead;
    },
    get asOf() {
      return heardAt + clockAhead;
    },
    get overdue() {
      return link !== undefined && world.now() - heardAt > 3 * heartbeat;
    },
    sleep() {
      stop();
      failures += 1;
      changed();
    },
    wake() {
      if (link) return;
      stop();
      failures = 1;
      way = 0;
      if (wanted) loadAfter(0);
      else attempt();
    },
    stop,
  };
  loadAfter(0);
  return connection;

  function stop(): void {
    cancelLoad();
    attemptAfter();
    link?.close();
    next?.close();
    link = next = undefined;
    leaving = true;
  }

  function loadAfter(ms: number): void {
    wanted = true;
    cancelLoad();
    cancelLoad = world.after(ms, () => {
      cancelLoad = load(world, address, min ?? connection.rows?.position, loaded);
    });
  }

  function loaded({ snapshot, at, waitMs }: Answer): void {
    if (at) clockAhead = at - world.now();
    const held = connection.rows?.position;
    // The link may have told of more meanwhile: then the rows are the newer ones.
    if (snapshot && reaches(snapshot.position, min ?? held)) {
      wanted = false;
      min = undefined;
      connection.rows = rowsOf(snapshot, (source.tag ?? source.section) !== undefined);
      connection.edition = snapshot.edition;
      heardAt = world.now();
      if (snapshot.position !== held || !link) {
        stop();
        attempt();
      }
    } else {
      const ms = pause(waitMs);
      loadAfter(ms);
      // An old copy, or the log has begun another life since: which of the two, only a link is told.
      if (snapshot && !link) attemptAfter(ms);
    }
    changed();
  }

  /** How long to wait after one more failure. */
  function pause(waitMs = 0): number {
    failures += 1;
    return Math.max(waitMs, backOff(world, failures));
  }

  function attempt(): void {
    if (!connection.rows || next) return;
    attemptAfter();
    const by = way;
    let opened: Link | undefined;
    try {
      opened = WAYS[by]?.(world, address, connection.rows.position, {
        heard: (message) => heard(message, opened, by),
        lost: (waitMs) => lost(opened, waitMs),
      });
      next = opened;
    } catch {
      // The page may not open a socket at all: its address is not secure, say.
      lost();
    }
  }

  function heard(message: Message, from: Link | undefined, by: number): void {
    heardAt = world.now();
    if (message.type === 'hello') {
      heartbeat = message.heartbeatMs;
      if (from === next) follow(by);
    } else if (message.type === 'goaway') {
      leaving = true;
      way = 0;
      attemptAfter(message.afterMs);
    } else if (message.type === 'beat') clockAhead = Date.parse(message.at) - heardAt;
    if (connection.rows) take(message, connection.rows);
    changed();
  }

  function follow(by: number): void {
    link?.close();
    link = next;
    linkWay = by;
    linkedAt = heardAt;
    leaving = false;
    next = undefined;
    attemptAfter();
    if (by > 0) tryBetter();
  }

  function tryBetter(): void {
    way = 0;
    attemptAfter(betterAfter);
  }

  function take(message: Message, held: Rows): void {
    const { rows, load } = apply(held, message);
    connection.rows = rows;
    // Too few rows, each of them true: the link goes on.
    const goesOn = load?.min === rows.position;
    if (!load || (goesOn && wanted)) return;
    if (!goesOn) {
      stop();
      min = load.min;
    }
    loadAfter(world.random() * LOAD_JITTER);
  }

  function lost(gone?: Link, waitMs?: number): void {
    if (gone && gone === link) {
      link = undefined;
      leaving = true;
      way = linkWay;
      if (world.now() - linkedAt > STEADY) failures = 0;
    } else {
      next = undefined;
      if (!leaving) {
        betterAfter = Math.min(BETTER_MOST, 2 * betterAfter);
        tryBetter();
        return;
      }
      way = (way + 1) % WAYS.length;
    }
    attemptAfter(pause(waitMs));
    changed();
  }
}
