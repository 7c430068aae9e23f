import { ReplyError } from 'ioredis';
import { EngineUnavailable } from '../../engine.ts';

/** How long a command may take. */
export const ANSWER_MS = 5_000;

/** The error itself is not passed on as a cause: it carries the command, and so the text of an item or a password. */
export function unavailable(error: unknown): EngineUnavailable {
  if (error instanceof EngineUnavailable) return error;
  if (isFull(error))
    return new EngineUnavailable(
      'Redis is full and stored nothing: raise its maxmemory, then retry with the same key.',
    );
  return new EngineUnavailable(`${reasonOf(error)}: outcome unknown, retry with the same key.`);
}

/** Whether Redis itself said no. */
export function isReply(error: unknown): error is Error {
  return error instanceof ReplyError;
}

export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function reasonOf(error: unknown): string {
  if (isReply(error)) return `Redis refused (${error.message})`;
  if (isTimeout(error)) return `Redis did not answer within ${ANSWER_MS / 1_000} s`;
  return 'The connection to Redis is down';
}

/** An aborted transaction tells only in the errors before it why. */
function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message.startsWith('OOM')) return true;
  return 'previousErrors' in error && Array.isArray(error.previousErrors) && error.previousErrors.some(isFull);
}
