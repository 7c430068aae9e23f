import type { Live } from './arrival.ts';
import type { Audience } from './audience.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config.ts';
import type { Engine } from './engine.ts';
import type { pollGateway } from './gateways/poll.ts';
import type { sseGateway } from './gateways/sse.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import type { Newsroom } from './newsroom.ts';
import type { NewsroomFile } from './newsroom-file.ts';

/** What `service.ts` wires and the surfaces are made of. */
export interface Parts extends Live {
  settings: Settings;
  file: NewsroomFile;
  engine: Engine;
  newsroom: Newsroom;
  keys: Keys;
  audience: Audience;
  sse: ReturnType<typeof sseGateway>;
  poll: ReturnType<typeof pollGateway>;
  log: Log;
  clock: Clock;
}
