/** What the endpoint does, route by route: the document is made of it, and a test compares it with the routes there are. */

import { EXPLAINED_ITEMS_MAX, GRADINGS, GRADINGS_MAX } from './http.ts';
import { JOB_ID_PATTERN } from './job-id.ts';
import { PATHS } from './names.ts';
import { GRADE_EXAMPLES } from './openapi-examples.ts';
import { referenceTo, type SchemaObject } from './openapi-schemas.ts';
import type { ProblemCode } from './problems.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: SchemaObject;
}

export interface Answer {
  readonly description: string;
  readonly contentType: 'application/json' | 'text/plain' | 'text/html';
  readonly schema: SchemaObject;
}

export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Whether it needs a key, where keys are configured. */
  readonly isGuarded: boolean;
  readonly parameters: readonly Parameter[];
  readonly body:
    | { readonly schema: SchemaObject; readonly examples: Readonly<Record<string, unknown>> }
    | undefined;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every route may have. */
  readonly problems: readonly ProblemCode[];
}

/** Of any route. */
export const GENERAL_PROBLEMS = [
  'malformed-request',
  'host-unknown',
  'method-not-allowed',
  'request-timeout',
  'headers-too-large',
  'unexpected',
] as const satisfies readonly ProblemCode[];

/** Of routes that need a key. */
export const KEY_PROBLEMS = ['key-missing', 'key-unknown'] as const satisfies readonly ProblemCode[];

const json = (description: string, schema: SchemaObject): Answer => ({
  description,
  contentType: 'application/json',
  schema,
});

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/grade',
    id: 'grade',
    summary: 'Grade one item, or a list of them',
    description:
      'One item is answered with its grade, a list with an outcome for each of its items, in their order. `grade` is the ' +
      'official grade where the published rules give one that no absent input could change, else the model’s.',
    isGuarded: true,
    parameters: [
      {
        name: 'explain',
        in: 'query',
        required: false,
        description: `Adds why the model says so, in words; for at most ${EXPLAINED_ITEMS_MAX} items.`,
        schema: { type: 'boolean', default: false },
      },
    ],
    body: { schema: referenceTo('GradeRequest'), examples: GRADE_EXAMPLES },
    answers: {
      200: json('The grade of the item, or the outcomes of the list.', {
        oneOf: [referenceTo('GradedItem'), referenceTo('GradeListResponse')],
      }),
    },
    problems: [
      'invalid-json',
      'invalid-item',
      'empty-list',
      'invalid-query',
      'not-explainable',
      'body-too-large',
      'list-too-long',
      'unsupported-media-type',
      'item-rejected',
      'rate-limited',
      'overloaded',
      'not-ready',
    ],
  },
  {
    method: 'get',
    path: '/grades/{code}',
    id: 'gradingsOf',
    summary: 'The latest grade of a product, with those before it',
    description: 'What jobs have graded; items that were sent to `/grade` are kept nowhere.',
    isGuarded: true,
    parameters: [
      {
        name: 'code',
        in: 'path',
        required: true,
        description: 'Barcode, leading zeros included.',
        schema: { type: 'string' },
      },
      {
        name: 'limit',
        in: 'query',
        required: false,
        description: 'How many gradings, the latest included.',
        schema: { type: 'integer', minimum: 1, maximum: GRADINGS_MAX, default: GRADINGS },
      },
    ],
    body: undefined,
    answers: { 200: json('The gradings, newest first.', referenceTo('GradingsResponse')) },
    problems: ['invalid-query', 'code-missing', 'rate-limited', 'tables-missing', 'tables-unavailable'],
  },
  {
    method: 'get',
    path: '/jobs/{job}',
    id: 'jobStatus',
    summary: 'How a job stands',
    description: 'Its counts grow while it runs. `nutrisage status` shows the summary of a closed one.',
    isGuarded: true,
    parameters: [
      {
        name: 'job',
        in: 'path',
        required: true,
        description: 'Id of the job, 16 hexadecimal digits.',
        schema: { type: 'string', pattern: JOB_ID_PATTERN },
      },
    ],
    body: undefined,
    answers: { 200: json('The job.', referenceTo('JobStatus')) },
    problems: ['invalid-query', 'job-missing', 'rate-limited', 'tables-missing', 'tables-unavailable'],
  },
  {
    method: 'get',
    path: PATHS.live,
    id: 'isLive',
    summary: 'Whether the process answers',
    description: 'For who restarts processes.',
    isGuarded: false,
    parameters: [],
    body: undefined,
    answers: { 200: json('It does.', referenceTo('Liveness')) },
    problems: [],
  },
  {
    method: 'get',
    path: PATHS.ready,
    id: 'isReady',
    summary: 'Whether requests may be sent here',
    description:
      'Only once a model has graded a product whose grade is known, and no longer once the endpoint is stopping.',
    isGuarded: false,
    parameters: [],
    body: undefined,
    answers: {
      200: json('They may.', referenceTo('Readiness')),
      503: json('Not now; `reason` says why.', referenceTo('Readiness')),
    },
    problems: [],
  },
  {
    method: 'get',
    path: PATHS.metrics,
    id: 'metrics',
    summary: 'What was counted, for Prometheus',
    description: 'Every metric is explained in docs/metrics.md.',
    isGuarded: true,
    parameters: [],
    body: undefined,
    answers: {
      200: { description: 'Prometheus’ text format.', contentType: 'text/plain', schema: { type: 'string' } },
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/openapi.json',
    id: 'openApi',
    summary: 'This document',
    description: 'OpenAPI 3.1.',
    isGuarded: false,
    parameters: [],
    body: undefined,
    answers: { 200: json('The document.', { type: 'object' }) },
    problems: [],
  },
  {
    method: 'get',
    path: '/docs',
    id: 'docs',
    summary: 'This document as a page',
    description: 'For people; it loads nothing from elsewhere.',
    isGuarded: false,
    parameters: [],
    body: undefined,
    answers: { 200: { description: 'The page.', contentType: 'text/html', schema: { type: 'string' } } },
    problems: [],
  },
];
