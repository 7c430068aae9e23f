import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorRequestHandler, Response } from 'express';
import { EngineUnavailable } from '../engine.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';

/** Answers with a problem document (RFC 9457). What is unknown to us is logged and told without details. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = problemOf(error);
    if (problem.kind === 'unavailable') {
      log.warn({ error: problem.message, method: request.method, path: request.path }, 'the store did not answer');
      if (request.method === 'GET') problem.message = 'Nothing can be read from the store just now.';
    }
    if (problem.kind === 'internal') log.error({ error, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) return next(error);
    sendProblem(response, problem);
  };
}

function sendProblem(response: Response, problem: Problem): void {
  if (problem.kind === 'no-credentials') response.set('WWW-Authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) response.set('Retry-After', String(problem.retryAfter));
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem)));
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
