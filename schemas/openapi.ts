/** The endpoint's OpenAPI 3.1 document. `docs/openapi.json` is this, and clients are generated from it. */

import { Grade } from './grade.ts';
import {
  Contribution,
  GradedItem,
  GradeListResponse,
  GradeRequest,
  Grading,
  GradingsResponse,
  InvalidItem,
  ItemFault,
  ItemOutcome,
  JobStatus,
  Liveness,
  OfficialGrade,
  ProblemDocument,
  Readiness,
  RejectedItem,
  RejectReason,
} from './http.ts';
import { Item, OpenFoodFactsItem, PlainItem } from './item.ts';
import {
  type Answer,
  GENERAL_PROBLEMS,
  KEY_PROBLEMS,
  OPERATIONS,
  type Operation,
} from './openapi-operations.ts';
import { referenceTo, schemaObjects } from './openapi-schemas.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

const SCHEMAS = {
  Contribution,
  Grade,
  GradedItem,
  GradeListResponse,
  GradeRequest,
  Grading,
  GradingsResponse,
  InvalidItem,
  Item,
  ItemFault,
  ItemOutcome,
  JobStatus,
  Liveness,
  OfficialGrade,
  OpenFoodFactsItem,
  PlainItem,
  ProblemDocument,
  Readiness,
  RejectedItem,
  RejectReason,
} as const;

const DESCRIPTION =
  'Grades food products A to E (Nutri-Score): by the published rules where the label decides, by a model where it does not, ' +
  'and it says which.';

/** @param version of the program */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'NutriSage',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Whatever serves the document.
    servers: [{ url: '/' }],
    // The empty one stands for an endpoint on one’s own machine, which asks for no key.
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    paths: pathsOf(OPERATIONS),
    components: {
      schemas: schemaObjects(SCHEMAS),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

function pathsOf(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation) };
  }
  return paths;
}

function operationObject({
  id,
  summary,
  description,
  isGuarded,
  parameters,
  body,
  answers,
  problems,
}: Operation) {
  const codes = [...problems, ...(isGuarded ? KEY_PROBLEMS : []), ...GENERAL_PROBLEMS];
  return {
    operationId: id,
    summary,
    description,
    ...(isGuarded ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': body } } }),
    responses: { ...answerObjects(answers), ...problemObjects(codes, answers) },
  };
}

function answerObjects(answers: Readonly<Record<number, Answer>>) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, contentType, schema }]) => [
      status,
      { description, content: { [contentType]: { schema } } },
    ]),
  );
}

/** By status, ascending; a status says in its description which codes it may have. */
function problemObjects(codes: readonly ProblemCode[], answers: Readonly<Record<number, Answer>>) {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))]
    .filter((status) => answers[status] === undefined)
    .sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => PROBLEMS[code].status === status);
      const description = own.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join(' ');
      const content = { 'application/problem+json': { schema: referenceTo('ProblemDocument') } };
      return [status, { description, ...headersOf(status), content }];
    }),
  );
}

function headersOf(status: number) {
  if (status !== 429 && status !== 503) return {};
  const schema = { type: 'integer', minimum: 0 };
  return { headers: { 'Retry-After': { description: 'Seconds to wait.', schema } } };
}
