/**
 * Grades as items of the `grades` table: key `code` + `<submittedAt>#<job>#<row number>`. The sort key is
 * unique in a job, so no call of BatchWriteItem holds a key twice, and a repeat writes the same items.
 */
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { NutrisageError } from '../../core/errors.ts';
import type { GradeSink } from '../grading/grade-sink.ts';
import { interrupted } from '../interrupted.ts';
import { type CallWindow, createCallWindow } from './call-window.ts';
import { createItemBodies } from './grade-item-bodies.ts';

export interface DynamoDbGradeSinkOptions {
  /** Of the sink alone, which changes what the client does about each call. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly retentionDays: number;
}

/** The service's own limit. */
const BATCH_ITEMS_MAX = 25;
const CALLS_AT_ONCE = 8;
const UNPROCESSED_ATTEMPTS_MAX = 10;
const BACK_OFF_MS = 50;
const BACK_OFF_MS_MAX = 5000;

export function createDynamoDbGradeSink(options: DynamoDbGradeSinkOptions): GradeSink {
  const { client, table, retentionDays } = options;
  sendWrittenBodies(client);
  // Kept from shard to shard: a table that throttled the last one throttles the next.
  const window = createCallWindow(CALLS_AT_ONCE);
  return {
    async write(rows, grading, interrupted) {
      const bodyOf = createItemBodies({ table, grading, retentionDays }, rows);
      const failures: unknown[] = [];
      let next = 0;
      // Each takes the next batch when its last is written. A failure ends all of them, and is thrown once every call has
      // settled: none may go on writing behind the thread's next task.
      const writeOn = async (): Promise<void> => {
        while (next < rows.rowCount && failures.length === 0) {
          const first = next;
          next = Math.min(rows.rowCount, first + BATCH_ITEMS_MAX);
          const batch: Batch = {
            client,
            table,
            body: bodyOf(first, next),
            window,
            interrupted,
            isStopped: () => failures.length > 0,
          };
          await writeBatch(batch).catch((error: unknown) => failures.push(error));
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, writeOn));
      if (failures.length > 0) throw failures[0];
    },
  };
}

interface Batch {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly body: Uint8Array;
  readonly window: CallWindow;
  readonly interrupted: () => boolean;
  /** Asked before each call; true leaves the rest unwritten, since another batch has failed. */
  readonly isStopped: () => boolean;
}

async function writeBatch(batch: Batch): Promise<void> {
  let left = await call(batch, writeCommand(batch.table, batch.body));
  for (let attempt = 2; left.length > 0; attempt += 1) {
    if (attempt > UNPROCESSED_ATTEMPTS_MAX) {
      throw tableUnavailable(
        batch.table,
        `${left.length} items stayed unprocessed after ${UNPROCESSED_ATTEMPTS_MAX} calls`,
        undefined,
      );
    }
    await backOff(attempt);
    left = await call(batch, new BatchWriteItemCommand({ RequestItems: { [batch.table]: left } }));
  }
}

/**
 * The SDK's own command, for which the client sends a body that is written already: endpoint, signature, retries and errors
 * stay the SDK's, which looks at the table's name for the endpoint and else has nothing to walk.
 */
function writeCommand(table: string, body: Uint8Array): BatchWriteItemCommand {
  const input = { RequestItems: { [table]: [] } };
  writtenBodies.set(input, body);
  return new BatchWriteItemCommand(input);
}

/** By the input of the command that they belong to. */
const writtenBodies = new WeakMap<object, Uint8Array>();

/** Steps that a worker's writes have no use for, 1.5 of 18 µs a row: the SDK's name and versions, Lambda's trace, a logger. */
const UNNEEDED_STEPS = [
  'getUserAgentMiddleware',
  'recursionDetectionMiddleware',
  'loggerMiddleware',
] as const;

/** One step of the client for all its calls: a step of each command would have the SDK put its chain of steps together anew. */
function sendWrittenBodies(client: DynamoDBClient): void {
  for (const step of UNNEEDED_STEPS) client.middlewareStack.remove(step);
  client.middlewareStack.add(
    (next) => (args) => {
      const body = writtenBodies.get(args.input);
      if (body !== undefined) {
        const request = args.request as { body: unknown; headers: Record<string, string> }; // of the SDK's HTTP protocol
        request.body = body;
        request.headers['content-length'] = String(body.length);
      }
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'writtenBody', override: true },
  );
}

/** @returns what the table left unprocessed */
async function call(batch: Batch, command: BatchWriteItemCommand): Promise<WriteRequest[]> {
  const place = await batch.window.enter();
  let wasThrottled = false;
  try {
    if (batch.isStopped()) return [];
    if (batch.interrupted()) throw interrupted();
    const answer = await batch.client.send(command);
    const left = answer.UnprocessedItems?.[batch.table] ?? [];
    // Whole calls that are throttled are repeated by the SDK.
    wasThrottled = left.length > 0 || (answer.$metadata.attempts ?? 1) > 1;
    return left;
  } catch (cause) {
    if (cause instanceof NutrisageError) throw cause;
    wasThrottled = true;
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw tableUnavailable(batch.table, reason, cause);
  } finally {
    place.leave(wasThrottled);
  }
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
