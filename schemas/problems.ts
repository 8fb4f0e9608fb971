/**
 * What the endpoint refuses, by code: one table for the endpoint, its OpenAPI document, the command and docs/errors.md. A code
 * is never used again for another meaning.
 */
export interface Problem {
  readonly status: number;
  /** The same for every occurrence, as RFC 9457 has it. */
  readonly title: string;
  /** What it means and what to do, for docs/errors.md and for answers that have nothing more to say. */
  readonly meaning: string;
  readonly remedy: string;
}

export const PROBLEMS = {
  'malformed-request': {
    status: 400,
    title: 'Malformed HTTP request',
    meaning: 'What came is not HTTP/1.1, or its length is not the one that it gives.',
    remedy: 'Use an HTTP client library, and look at what stands between it and the endpoint.',
  },
  'invalid-json': {
    status: 400,
    title: 'Not JSON',
    meaning: 'The body is empty, ends early, or is not JSON in UTF-8.',
    remedy: 'Send one item as a JSON object, or a list of them, in UTF-8.',
  },
  'invalid-item': {
    status: 400,
    title: 'Not an item',
    meaning: 'The body is JSON, but a name in it is none of an item, or a value has the wrong type.',
    remedy: 'Correct the members that `faults` points to; `/openapi.json` has all names.',
  },
  'empty-list': {
    status: 400,
    title: 'Empty list',
    meaning: 'The list has no items.',
    remedy: 'Send at least one item.',
  },
  'invalid-query': {
    status: 400,
    title: 'Unknown query',
    meaning: 'The query has a name that the route does not know, or a value that it does not take.',
    remedy: 'Leave it out or correct it: `explain` is `true` or `false`, `limit` a whole number.',
  },
  'key-missing': {
    status: 401,
    title: 'No API key',
    meaning: 'The request has no API key.',
    remedy: 'Send the key as `Authorization: Bearer <key>` or `X-API-Key: <key>`.',
  },
  'key-unknown': {
    status: 401,
    title: 'Unknown API key',
    meaning: 'The key is none of those that the endpoint knows; it may have been replaced.',
    remedy: 'Ask the operator for the current key.',
  },
  'route-missing': {
    status: 404,
    title: 'No such address',
    meaning: 'The endpoint has no such route.',
    remedy: 'See `/docs` for those that there are.',
  },
  'code-missing': {
    status: 404,
    title: 'Product not graded',
    meaning: 'No product with this code was graded in a job.',
    remedy: 'Codes are compared as text, leading zeros included; a rejected row leaves no grade.',
  },
  'job-missing': {
    status: 404,
    title: 'No such job',
    meaning: 'There is no such job, or no worker has taken it yet.',
    remedy: 'Check the id; a new job appears once a worker has planned it.',
  },
  'tables-missing': {
    status: 404,
    title: 'Not kept here',
    meaning: 'The endpoint was not told of a table of grades, or of jobs.',
    remedy: 'Set `NUTRISAGE_GRADES_TABLE` and `NUTRISAGE_JOBS_TABLE`, or ask where they are set.',
  },
  'host-unknown': {
    status: 421,
    title: 'Not for this host',
    meaning: 'The endpoint has no keys and answers to this machine’s own names alone; `Host` is another.',
    remedy: 'Ask 127.0.0.1 or localhost, or give the endpoint keys.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The address exists, but not with this method.',
    remedy: 'Use a method that the header `Allow` names.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request too slow',
    meaning: 'Headers or body did not come in time.',
    remedy: 'Send it at once; a list may have to be shorter on a slow line.',
  },
  'not-explainable': {
    status: 409,
    title: 'Model without explanations',
    meaning: 'The current model’s file does not tell what explanations need.',
    remedy: 'Ask without `explain`, or promote a model that the current trainer has made.',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    meaning: 'The body has more bytes than the endpoint takes.',
    remedy: 'Send several lists; for catalogues there is `nutrisage submit`.',
  },
  'list-too-long': {
    status: 413,
    title: 'List too long',
    meaning: 'The list has more items than the endpoint takes, or than it explains.',
    remedy: 'Send several lists; for catalogues there is `nutrisage submit`.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Not application/json',
    meaning: 'The body is not said to be JSON, or it is compressed.',
    remedy: 'Send `Content-Type: application/json` and no `Content-Encoding`.',
  },
  'item-rejected': {
    status: 422,
    title: 'Item rejected',
    meaning:
      'The values are impossible or contradict each other, or there is nothing to grade: see `reasons`.',
    remedy: 'Correct the values; each reason is explained in rejects-and-warnings.md.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    meaning: 'The key has spent its items of this minute.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Headers too large',
    meaning: 'The headers have more than 16 KiB.',
    remedy: 'Send fewer or shorter headers.',
  },
  unexpected: {
    status: 500,
    title: 'Defect',
    meaning: 'Something that this program did not foresee.',
    remedy: 'Report it with its `requestId`, by which the log tells more.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    meaning: 'More waits than can be answered soon.',
    remedy: 'Try again after `Retry-After`; if it lasts, run more endpoints.',
  },
  'not-ready': {
    status: 503,
    title: 'Not ready',
    meaning: 'The endpoint has no usable model yet, or is stopping.',
    remedy: 'Try again; `/health/ready` says what it waits for.',
  },
  'tables-unavailable': {
    status: 503,
    title: 'Table unavailable',
    meaning: 'DynamoDB did not answer, or refused the call.',
    remedy: 'Try again; if it lasts, check the table, its capacity and the role’s rights.',
  },
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/** `type` of a problem document: a name, not an address. */
export function problemType(code: ProblemCode): string {
  return `urn:nutrisage:problem:${code}`;
}
