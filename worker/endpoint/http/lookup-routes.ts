/** `GET /grades/{code}` and `GET /jobs/{id}`: what jobs have left in the tables. */
import type { FastifyInstance } from 'fastify';
import { NutrisageError } from '../../../core/errors.ts';
import { GRADES } from '../../../schemas/grade.ts';
import type { GradeItem } from '../../../schemas/grades-dataset.ts';
import {
  GRADINGS,
  GRADINGS_MAX,
  type Grading,
  type GradingsResponse,
  type JobStatus,
} from '../../../schemas/http.ts';
import { isJobId } from '../../../schemas/job-id.ts';
import type { JobRecord } from '../../../schemas/ledger.ts';
import type { Spend } from './authentication.ts';
import { ProblemError } from './problem.ts';
import { refuseQuery } from './query.ts';
import { sendJson } from './send.ts';

export interface GradeHistory {
  /** Newest first. @throws {NutrisageError} `table-unavailable` */
  gradings(code: string, limit: number): Promise<readonly GradeItem[]>;
}

export interface JobReader {
  /** @throws {NutrisageError} `table-unavailable` */
  job(job: string): Promise<JobRecord | undefined>;
}

export interface LookupPorts {
  /** Absent where no grades table is configured. */
  readonly grades: GradeHistory | undefined;
  /** Absent where no jobs table is configured. */
  readonly jobs: JobReader | undefined;
}

export interface LookupRoutePorts extends LookupPorts {
  readonly spend: Spend;
}

/** A longer one is no product code, and DynamoDB refuses keys of some length. */
const CODE_LENGTH_MAX = 256;
/** What a look-up takes of an allowance: the table is asked once, whatever it has. */
const LOOKUP_ITEMS = 1;

export function addLookupRoutes(app: FastifyInstance, { grades, jobs, spend }: LookupRoutePorts): void {
  app.get<{ Params: { code: string } }>('/grades/:code', async (request, reply) => {
    const { code } = request.params;
    if (code === '') throw new ProblemError('route-missing');
    if (grades === undefined) throw new ProblemError('tables-missing');
    const limit = readLimit(request.query);
    spend(request, reply, LOOKUP_ITEMS);
    const found = code.length > CODE_LENGTH_MAX ? [] : await ofTable(() => grades.gradings(code, limit));
    const [latest, ...earlier] = found.map(gradingOf);
    if (latest === undefined) throw new ProblemError('code-missing');
    sendJson(reply, JSON.stringify({ code, latest, earlier } satisfies GradingsResponse));
    return reply;
  });

  app.get<{ Params: { job: string } }>('/jobs/:job', async (request, reply) => {
    const { job } = request.params;
    if (jobs === undefined) throw new ProblemError('tables-missing');
    refuseQuery(request.query, []);
    spend(request, reply, LOOKUP_ITEMS);
    const record = isJobId(job) ? await ofTable(() => jobs.job(job)) : undefined;
    if (record === undefined) throw new ProblemError('job-missing');
    sendJson(reply, JSON.stringify(statusOf(record)));
    return reply;
  });
}

function readLimit(query: unknown): number {
  refuseQuery(query, ['limit']);
  const { limit } = query as { readonly limit?: unknown };
  if (limit === undefined) return GRADINGS;
  const isInRange =
    typeof limit === 'string' &&
    /^\d{1,3}$/.test(limit) &&
    Number(limit) >= 1 &&
    Number(limit) <= GRADINGS_MAX;
  if (isInRange) return Number(limit);
  throw new ProblemError('invalid-query', {
    detail: `The query’s \`limit\` is no whole number from 1 to ${GRADINGS_MAX}.`,
  });
}

async function ofTable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof NutrisageError) || cause.code !== 'table-unavailable') throw cause;
    throw new ProblemError('tables-unavailable', { headers: { 'retry-after': '1' }, cause });
  }
}

function gradingOf(item: GradeItem): Grading {
  const { job, gradedFor, rowNumber, grade, source, modelGrade, warnings = [], modelVersion } = item;
  const { officialGrade, officialScore, officialStatus } = item;
  const hasOfficial =
    officialGrade !== undefined && officialScore !== undefined && officialStatus !== undefined;
  const probabilities = Object.fromEntries(
    GRADES.map((letter, index) => [letter, item.probabilities[index] ?? 0]),
  );
  return {
    job,
    gradedFor,
    rowNumber,
    grade,
    source,
    official: hasOfficial ? { grade: officialGrade, score: officialScore, status: officialStatus } : null,
    model: { grade: modelGrade, probabilities: probabilities as Grading['model']['probabilities'] },
    warnings,
    modelVersion,
  };
}

function statusOf(record: JobRecord): JobStatus {
  const { job, state, origin, submittedAt, closedAt, inputs, rows, shards, failure } = record;
  return {
    job,
    state,
    origin,
    submittedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    files: inputs.length,
    ...(rows === undefined ? {} : { rows }),
    rowsFinished: record.rowsFinished,
    rowsRejected: record.rowsRejected,
    ...(shards === undefined ? {} : { shards }),
    shardsFinished: record.finished,
    modelVersion: record.modelVersion,
    rules: record.rules,
    ...(failure === undefined ? {} : { failure }),
  };
}
