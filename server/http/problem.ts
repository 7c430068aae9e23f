import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorRequestHandler } from 'express';
import { EngineUnavailable } from '../engine.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';

/** What Express does with an error. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) next(error);
    else answerProblem(log, error, request, response);
  };
}

/** Answers with a problem document (RFC 9457). What is unknown to us is logged and told without details. */
export function answerProblem(
  log: Log,
  error: unknown,
  { method, url }: IncomingMessage,
  response: ServerResponse,
): void {
  const problem = problemOf(error);
  const path = url?.split('?', 1)[0];
  if (problem.kind === 'unavailable') {
    log.warn({ error: problem.message, method, path }, 'the store did not answer');
    if (method === 'GET') problem.message = 'Nothing can be read from the store just now.';
  }
  if (problem.kind === 'internal') log.error({ error, method, path }, 'request failed');
  if (problem.kind === 'no-credentials') response.setHeader('WWW-Authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) response.setHeader('Retry-After', problem.retryAfter);
  const body = Buffer.from(JSON.stringify(problemBody(problem)));
  response.writeHead(problem.status, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': body.length,
  });
  response.end(body);
}

function problemBody(problem: Problem): Record<string, unknown> {
  const { kind, title, status, message, members } = problem;
  return { type: `tag:motograph.example,2026:${kind}`, title, status, detail: message, ...members };
}

/** Our own refusals, those of the body parser, and the store's absence; everything else is our fault. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof EngineUnavailable) return new Problem('unavailable', error.message);
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new Problem('too-large', 'The body is over 64 KB.');
  if (type === 'entity.parse.failed')
    return new Problem('broken-json', `The body is not JSON: ${(error as Error).message}.`);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new Problem('not-json', 'Send the body as UTF-8, not compressed.');
  if (type === 'entity.verify.failed') return new Problem('broken-json', 'The body is not UTF-8.');
  if (error instanceof URIError || type === 'request.aborted')
    return new Problem('not-found', 'The address is malformed.');
  if (isOfTheClient(error)) return new Problem('broken-json', `The body cannot be read: ${error.message}.`);
  return new Problem('internal', 'The error is in the log of the server.');
}

/** The answer to an upgrade that cannot be made, on a socket that no response object stands for. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const problem = problemOf(error);
  const body = JSON.stringify(problemBody(problem));
  // Else a client that never closes its half would keep the connection.
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Connection: close',
      ...(problem.retryAfter === undefined ? [] : [`Retry-After: ${problem.retryAfter}`]),
      // RFC 6455, 4.4: which one it should have been.
      ...(problem.kind === 'bad-handshake' ? ['Sec-WebSocket-Version: 13'] : []),
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** As `http-errors` marks what the client did. */
function isOfTheClient(error: unknown): error is Error {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;
}
