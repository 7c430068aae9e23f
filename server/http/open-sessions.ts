import type { Parts } from '../parts.ts';
import type { Session } from '../sessions.ts';

/** Where somebody is signed in, as they and their chiefs may see it. */
export interface ShownSession {
  id: string;
  createdAt: string;
  seenAt: string;
  from: string;
  agent: string;
}

/** Those that still open the door, of one person or of all: ended in the account, a session is over though it is there. */
export async function openSessions(
  { sessions, staff }: Pick<Parts, 'sessions' | 'staff'>,
  whose?: string,
): Promise<Session[]> {
  const held = await sessions.list(whose);
  const actors = await Promise.all(held.map(({ staff: id, generation }) => staff.actor(id, generation)));
  return held.filter((_, at) => actors[at] !== undefined);
}

export function shownSession({ id, createdAt, seenAt, from, agent }: Session): ShownSession {
  return { id, createdAt: new Date(createdAt).toISOString(), seenAt: new Date(seenAt).toISOString(), from, agent };
}
