import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on stderr, since stdout is for data. No line holds an item's text or a key. */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: errorOf } },
    destination,
  );
}

/** Only what says where it went wrong: errors of a body's parser carry the body itself. */
function errorOf(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : error;
}
