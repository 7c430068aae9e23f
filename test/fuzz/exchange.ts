import { connect } from 'node:net';
import { answersIn } from './answer.ts';
import type { Input } from './input.ts';

export interface Heard {
  bytes: Buffer;
  /** Whether the server let go of the connection; of one that we reset nobody can tell. */
  closed: boolean;
  /** Whether what we waited for has come. */
  answered: boolean;
}

/** So long an answer may take; and so long we wait where none may be due. */
const PATIENCE_MS = 10_000;
const LOOSE_MS = 300;
/** So long a connection may stay that we have ended. */
const CLOSE_MS = 10_000;
/** More answers may be on their way. */
const LINGER_MS = 5;

/** One connection: what is sent over it, and all that comes back. @throws Error when nobody listens */
export function exchange(port: number, { head, frames, end, loose }: Input): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let [connected, answered, ending] = [false, false, false];
    let timer: NodeJS.Timeout | undefined;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('connect', () => {
      connected = true;
      socket.write(head);
      if (end === 'cut') setImmediate(reset);
      else timer = setTimeout(finish, loose ? LOOSE_MS : PATIENCE_MS);
    });
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      if (!answered && !ending) look();
    });
    // A reset by the server is an answer like any other.
    socket.on('error', (error) => connected || reject(error));
    socket.on('close', () => done(true));

    function look(): void {
      const answers = safely(Buffer.concat(pieces));
      if (answers.length === 0 || !answers.every(({ whole }) => whole)) return;
      answered = true;
      clearTimeout(timer);
      if (frames && answers[0]?.status === 101) socket.write(frames);
      if (loose) timer = setTimeout(finish, LINGER_MS);
      else finish();
    }

    function finish(): void {
      ending = true;
      if (end !== 'fin') return void setImmediate(reset);
      socket.end();
      timer = setTimeout(() => {
        done(false);
        socket.destroy();
      }, CLOSE_MS);
    }

    function reset(): void {
      socket.resetAndDestroy();
    }

    function done(closed: boolean): void {
      clearTimeout(timer);
      resolve({ bytes: Buffer.concat(pieces), closed, answered });
    }
  });
}

/** What is no HTTP is somebody else's to tell. */
function safely(bytes: Buffer): ReturnType<typeof answersIn> {
  try {
    return answersIn(bytes);
  } catch {
    return [];
  }
}
