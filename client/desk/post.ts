import { leave } from './leave.ts';
import { prove } from './prove.ts';
import { Refused, send } from './send.ts';

/** As `send`, for somebody who is signed in: where it is asked who they are, they say so, and it is sent again. */
export async function post<T>(path: string, body?: unknown): Promise<T> {
  try {
    return await send<T>(path, body);
  } catch (error) {
    const kind = error instanceof Refused ? error.kind : '';
    if (kind === 'no-credentials') leave('ended');
    if (kind !== 'prove-again') throw error;
    await prove();
    return send<T>(path, body);
  }
}
