/** How answers are sent, and what headers all of them have. */
import type { FastifyReply } from 'fastify';
import { PROBLEM_CONTENT_TYPE, type ProblemError, problemDocument } from './problem.ts';

const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/** An answer is data for a program: no browser shall guess its type, keep it, frame it or run anything in it. */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** @param text JSON */
export function sendJson(reply: FastifyReply, text: string): void {
  reply.header('content-type', JSON_CONTENT_TYPE).send(text);
}

export function sendProblem(reply: FastifyReply, error: ProblemError): void {
  reply
    .code(error.status)
    .headers({ ...error.headers, 'content-type': PROBLEM_CONTENT_TYPE })
    .send(JSON.stringify(problemDocument(error, reply.request.id)));
}
