/**
 * Grades as items of the `grades` table: key `code` + `<submittedAt>#<job>#<row number>`. The sort key is
 * unique in a job, so no call of BatchWriteItem holds a key twice, and a repeat writes the same items.
 */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import pLimit, { type LimitFunction } from 'p-limit';
import { NutrisageError } from '../../core/errors.ts';
import { textAt } from '../../core/items/item-columns.ts';
import { expiresAt } from '../../core/jobs/expires-at.ts';
import { gradingSortKey } from '../../core/jobs/keys.ts';
import { GRADE_SOURCES, type GradedColumns, OFFICIAL_STATUSES } from '../../core/parquet/graded-columns.ts';
import { WARNING_CODES } from '../../core/validation/codes.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import type { GradeSink, Grading } from '../grading/grade-sink.ts';

export interface DynamoDbGradeSinkOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly retentionDays: number;
}

/** The service's own limit. */
const BATCH_ITEMS_MAX = 25;
const CALLS_AT_ONCE = 8;
/** Batches prepared ahead of the calls; more would only hold memory. */
const BATCHES_PER_WAVE = 64;
const UNPROCESSED_ATTEMPTS_MAX = 10;
const BACK_OFF_MS = 50;
const BACK_OFF_MS_MAX = 5000;

export function createDynamoDbGradeSink(options: DynamoDbGradeSinkOptions): GradeSink {
  const limit = pLimit(CALLS_AT_ONCE);
  return {
    async write(rows, grading, interrupted) {
      const constants = gradingConstants(options, grading, rows.modelVersion);
      const rowsPerWave = BATCH_ITEMS_MAX * BATCHES_PER_WAVE;
      for (let wave = 0; wave < rows.rowCount; wave += rowsPerWave) {
        const end = Math.min(rows.rowCount, wave + rowsPerWave);
        const batches: WriteRequest[][] = [];
        for (let first = wave; first < end; first += BATCH_ITEMS_MAX) {
          const last = Math.min(end, first + BATCH_ITEMS_MAX);
          batches.push(toRequests(rows, first, last, grading, constants));
        }
        await writeWave(limit, batches, (requests, isStopped) =>
          writeBatch(options, requests, interrupted, isStopped),
        );
      }
    },
  };
}

/**
 * Writes all batches, or throws the first failure once every call has settled: none may go on writing behind
 * the thread's next task.
 * @param write asks `isStopped` before each call, which is true once a batch has failed
 */
async function writeWave(
  limit: LimitFunction,
  batches: readonly WriteRequest[][],
  write: (requests: WriteRequest[], isStopped: () => boolean) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const isStopped = (): boolean => failures.length > 0;
  // Caught within the limit, so that a failure is known before the next in line begins.
  const writeOne = (requests: WriteRequest[]): Promise<void> =>
    write(requests, isStopped).catch((error: unknown) => {
      failures.push(error);
    });
  await Promise.all(batches.map((requests) => limit(writeOne, requests)));
  if (failures.length > 0) throw failures[0];
}

interface GradingConstants {
  readonly job: AttributeValue;
  readonly gradedFor: AttributeValue;
  readonly modelVersion: AttributeValue;
  readonly expiresAt: AttributeValue;
}

function gradingConstants(
  options: DynamoDbGradeSinkOptions,
  grading: Grading,
  modelVersion: string,
): GradingConstants {
  return {
    job: { S: grading.job },
    gradedFor: { S: grading.submittedAt },
    modelVersion: { S: modelVersion },
    expiresAt: { N: String(expiresAt(grading.submittedAt, options.retentionDays)) },
  };
}

/** Attribute values are written out here rather than by the SDK's marshaller, which walks every object anew. */
function toRequests(
  rows: GradedColumns,
  first: number,
  end: number,
  grading: Grading,
  constants: GradingConstants,
): WriteRequest[] {
  const requests: WriteRequest[] = [];
  for (let row = first; row < end; row += 1) {
    const rowNumber = rows.rowNumbers[row] ?? 0;
    const item: Record<string, AttributeValue> = {
      code: { S: textAt(rows.codes, row) },
      sk: { S: gradingSortKey(grading.submittedAt, grading.job, rowNumber) },
      rowNumber: { N: String(rowNumber) },
      grade: { S: letter(rows.grade[row]) },
      source: { S: GRADE_SOURCES[rows.source[row] ?? 0] ?? 'model' },
      modelGrade: { S: letter(rows.modelGrade[row]) },
      probabilities: { L: probabilitiesOf(rows.probabilities, row) },
      ...constants,
    };
    const status = OFFICIAL_STATUSES[rows.officialStatus[row] ?? 0];
    if (status !== null && status !== undefined && rows.officialGrade[row] !== NO_GRADE) {
      item['officialGrade'] = { S: letter(rows.officialGrade[row]) };
      item['officialScore'] = { N: String(rows.officialScore[row] ?? 0) };
      item['officialStatus'] = { S: status };
    }
    const warnings = warningsOf(rows.warnings[row] ?? 0);
    if (warnings.length > 0) item['warnings'] = { L: warnings };
    requests.push({ PutRequest: { Item: item } });
  }
  return requests;
}

function letter(grade: number | undefined): string {
  return GRADES[grade ?? 0] ?? 'e';
}

function probabilitiesOf(probabilities: Float32Array, row: number): AttributeValue[] {
  return GRADES.map((_, index) => ({ N: (probabilities[row * GRADES.length + index] ?? 0).toFixed(4) }));
}

function warningsOf(bits: number): AttributeValue[] {
  return WARNING_CODES.filter((_, bit) => (bits & (1 << bit)) !== 0).map((code) => ({ S: code }));
}

/** @param isStopped asked before each call; true leaves the rest unwritten, since another batch has failed. */
async function writeBatch(
  options: DynamoDbGradeSinkOptions,
  requests: WriteRequest[],
  interrupted: () => boolean,
  isStopped: () => boolean,
): Promise<void> {
  let left: WriteRequest[] = requests;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > UNPROCESSED_ATTEMPTS_MAX) {
      throw tableUnavailable(
        options.table,
        `${left.length} items stayed unprocessed after ${UNPROCESSED_ATTEMPTS_MAX} calls`,
        undefined,
      );
    }
    if (attempt > 1) await backOff(attempt);
    if (isStopped()) return;
    if (interrupted()) throw workerStops();
    const answer = await options.client
      .send(new BatchWriteItemCommand({ RequestItems: { [options.table]: left } }))
      .catch((cause: unknown) => {
        throw tableUnavailable(
          options.table,
          cause instanceof Error ? cause.message || cause.name : String(cause),
          cause,
        );
      });
    left = answer.UnprocessedItems?.[options.table] ?? [];
  }
}

function workerStops(): NutrisageError {
  return new NutrisageError('interrupted', 'The worker is stopping.', 'Another worker takes the shard.');
}

/** Exponential with full jitter, so that threads that were throttled together do not come back together. */
function backOff(attempt: number): Promise<void> {
  const ceiling = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceiling));
}

function tableUnavailable(table: string, reason: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'table-unavailable',
    `Items could not be written to table ${table}: ${reason}`,
    'It is tried again by itself; if it lasts, check the table’s capacity and that the role may write to it.',
    { cause },
  );
}
