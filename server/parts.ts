import type { Live } from './arrival.ts';
import type { Audience } from './audience.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config.ts';
import type { Door } from './door.ts';
import type { Engine } from './engine.ts';
import type { pollGateway } from './gateways/poll.ts';
import type { sseGateway } from './gateways/sse.ts';
import type { DeskStreams } from './http/desk-live.ts';
import type { SessionCookie } from './http/session-cookie.ts';
import type { SsoCookie } from './http/sso-cookie.ts';
import type { Log } from './log.ts';
import type { Newsroom } from './newsroom.ts';
import type { NewsroomFile } from './newsroom-file.ts';
import type { Proofs } from './proofs.ts';
import type { Similar } from './similar.ts';
import type { Unfurl } from './unfurl.ts';

/** What `service.ts` wires and the surfaces are made of. */
export interface Parts extends Live, Door, Proofs {
  settings: Settings;
  file: NewsroomFile;
  engine: Engine;
  newsroom: Newsroom;
  audience: Audience;
  unfurl: Unfurl;
  similar: Similar;
  sse: ReturnType<typeof sseGateway>;
  poll: ReturnType<typeof pollGateway>;
  sessionCookie: SessionCookie;
  ssoCookie: SsoCookie;
  deskStreams: DeskStreams;
  log: Log;
  clock: Clock;
}
