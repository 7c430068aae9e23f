import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorRequestHandler, Request } from 'express';
import { EngineUnavailable } from '../engine.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { problemPage } from '../pages/problem.ts';
import { PAGE_WORDS } from '../pages/words.ts';
import type { Parts } from '../parts.ts';

const DOCUMENT = 'application/problem+json';

/** What Express does with an error: a problem document, or a page where a browser shows the answer to a person. */
export function problemHandler({ log, file, clock }: Parts): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const forPeople = request.accepts([DOCUMENT, 'text/html']) === 'text/html';
    answerProblem(log, error, request, response, forPeople ? (problem) => pageFor(request, problem) : undefined);
  };

  function pageFor(request: Request, problem: Problem): string {
    const language = request.acceptsLanguages(PAGE_WORDS.map((words) => words.language)) || 'en';
    return problemPage({ newsroom: file.name, editions: file.editions, language, problem, now: clock.now() });
  }
}

/**
 * Answers with a problem document (RFC 9457). What is unknown to us is logged and told without details.
 *
 * @param page answers with a page in its place
 */
export function answerProblem(
  log: Log,
  error: unknown,
  { method, url }: IncomingMessage,
  response: ServerResponse,
  page?: (problem: Problem) => string,
): void {
  const problem = problemOf(error);
  const path = url?.split('?', 1)[0];
  if (problem.kind === 'unavailable') {
    log.warn({ error: problem.message, method, path }, 'the store did not answer');
    if (method === 'GET') problem.message = 'Nothing can be read from the store just now.';
  }
  if (problem.kind === 'internal') log.error({ error, method, path }, 'request failed');
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) response.setHeader('Retry-After', problem.retryAfter);
  const body = Buffer.from(page ? page(problem) : JSON.stringify(problemBody(problem)));
  response.writeHead(problem.status, {
    'Cache-Control': 'no-store',
    'Content-Type': `${page ? 'text/html' : DOCUMENT}; charset=utf-8`,
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
      `Content-Type: ${DOCUMENT}`,
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
