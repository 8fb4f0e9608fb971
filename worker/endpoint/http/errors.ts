/** Whatever was thrown in a request as a problem, and what Node refuses before there is a request. */
import type { Socket } from 'node:net';
import { NutrisageError } from '../../../core/errors.ts';
import { PROBLEMS, type ProblemCode } from '../../../schemas/problems.ts';
import { PROBLEM_CONTENT_TYPE, ProblemError, problemDocument } from './problem.ts';

/** Fastify's own errors, by their codes. */
const OF_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-request',
  FST_ERR_BAD_URL: 'malformed-request',
  FST_ERR_INVALID_URL: 'malformed-request',
  FST_ERR_MAX_PARAM_LENGTH: 'route-missing',
  ECONNRESET: 'malformed-request',
};

/** After these the rest of the body is not read, so that the connection is of no more use. */
const UNREAD: ReadonlySet<ProblemCode> = new Set(['body-too-large', 'unsupported-media-type', 'overloaded']);

export function asProblem(thrown: unknown): ProblemError {
  const problem = problemOf(thrown);
  return UNREAD.has(problem.code) ? withHeader(problem, 'connection', 'close') : problem;
}

function problemOf(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const code = OF_FASTIFY[codeOf(thrown)];
  if (code !== undefined) return new ProblemError(code, { cause: thrown });
  // A model’s thread that died, for one: another attempt is answered.
  const isPassing =
    thrown instanceof NutrisageError && thrown.disposition === 'retry' && thrown.code !== 'unexpected';
  if (isPassing) return new ProblemError('not-ready', { headers: { 'retry-after': '1' }, cause: thrown });
  return new ProblemError('unexpected', { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const isCoded = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';
  return isCoded ? String(thrown.code) : '';
}

function withHeader(problem: ProblemError, name: string, value: string): ProblemError {
  const { code, message, members, headers, cause } = problem;
  return new ProblemError(code, { detail: message, members, headers: { ...headers, [name]: value }, cause });
}

const OF_NODE: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers what did not become a request: there is a socket and nothing else. */
export function answerClientError(error: unknown, socket: Socket): void {
  const code = OF_NODE[codeOf(error)] ?? 'malformed-request';
  // Gone, or in the middle of an answer.
  if (codeOf(error) === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemDocument(new ProblemError(code), undefined));
  const { status, title } = PROBLEMS[code];
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
