/**
 * Entry of a grading thread: one task at a time, from bytes to bytes. A panic of the Parquet reader ends the
 * thread as an uncaught error; the pool fails the task with it and starts another thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ColumnBins } from '../../core/drift/count-histograms.ts';
import { referenceBins } from '../../core/drift/drift-report.ts';
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { readerMemoryBytes } from '../../core/parquet/reader-memory.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { createScorer } from '../adapters/create-scorer.ts';
import { createDynamoDbGradeSink } from '../adapters/dynamodb-grade-sink.ts';
import { REQUEST_PATIENCE } from '../adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from '../adapters/s3-object-store.ts';
import { collectTask } from '../collect-garbage.ts';
import { gradeShard } from '../grading/grade-shard.ts';
import type { Scorer } from '../grading/scorer.ts';
import { readReference } from '../models/model-basis.ts';
import { loadModel } from '../models/model-store.ts';
import { probeScorer } from '../models/probe-scorer.ts';
import { objectByteSource } from '../objects/object-byte-source.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { isLeaseHeld, type Lease } from '../queue/lease.ts';
import { lowerThreadPriority } from './lower-priority.ts';
import type {
  FileInspection,
  ThreadReply,
  ThreadSettings,
  ThreadTask,
  WrittenShard,
} from './thread-protocol.ts';
import { beat, isAbandoned } from './thread-signals.ts';

/** A thread whose reader holds more than this is replaced: wasm gives no memory back. */
const READER_MEMORY_BYTES_MAX = 192 * 2 ** 20;
/** Models kept loaded: the current one and the one before it. */
const MODELS_MAX = 2;

const settings = workerData as ThreadSettings; // made by the pool of this very program
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');

lowerThreadPriority();

const store = beating(createS3ObjectStore(createS3Client(process.env)));
const sink =
  settings.gradesTable === undefined
    ? undefined
    : createDynamoDbGradeSink({
        client: new DynamoDBClient({ requestHandler: { ...REQUEST_PATIENCE } }),
        table: settings.gradesTable,
        retentionDays: settings.retentionDays,
      });
const interruptFlag = new Int32Array(settings.interrupt);
const isInterrupted = (): boolean => Atomics.load(interruptFlag, 0) !== 0;

/** Whether the shard must not be worked on any more; each question is a step. */
const mustStop = (lease: Lease | undefined) => (): boolean => {
  beat(settings.signals);
  return isInterrupted() || isAbandoned(settings.signals) || !isLeaseHeld(lease, Date.now());
};

/** Each answer of the store is a step. */
function beating(calls: ObjectStore): ObjectStore {
  const step = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    beat(settings.signals);
    return value;
  };
  return {
    head: (...given) => step(calls.head(...given)),
    readRange: (...given) => step(calls.readRange(...given)),
    read: (...given) => step(calls.read(...given)),
    put: (...given) => step(calls.put(...given)),
  };
}

/** A model as a shard needs it. */
interface ReadyModel {
  readonly scorer: Scorer;
  readonly bins: readonly ColumnBins[] | undefined;
}
const models = new Map<string, ReadyModel>();

async function modelFor(version: string): Promise<ReadyModel> {
  const known = models.get(version);
  if (known !== undefined) return known;
  const loaded = await loadModel(store, settings.modelBucket, version);
  const { scorer, fallback } = await createScorer(loaded, settings.engine);
  await probeScorer(scorer);
  const { engine } = scorer;
  port?.postMessage({ kind: 'model-loaded', version, engine, fallback } satisfies ThreadReply);
  const { referenceSha256 } = loaded.manifest;
  const reference = await readReference(store, settings.modelBucket, version, referenceSha256);
  const model = { scorer, bins: reference === undefined ? undefined : referenceBins(reference) };
  const [oldest] = models.keys();
  if (models.size >= MODELS_MAX && oldest !== undefined) models.delete(oldest);
  models.set(version, model);
  return model;
}

async function inspect(task: Extract<ThreadTask, { kind: 'inspect' }>): Promise<FileInspection> {
  const file = await openItemFile(objectByteSource(store, task.input), {
    name: `s3://${task.input.bucket}/${task.input.key}`,
    rowGroupBytesMax: settings.rowGroupBytesMax,
    ceilings: settings.ceilings,
    ...(task.mapping === undefined ? {} : { mapping: task.mapping }),
  });
  try {
    return { rows: file.rowCount, rowGroups: file.rowGroups, shape: file.shape };
  } finally {
    file.close();
  }
}

async function grade({ message, lease }: Extract<ThreadTask, { kind: 'grade' }>): Promise<WrittenShard> {
  try {
    return await gradeShard(
      {
        store,
        dataBucket: settings.dataBucket,
        ...(await modelFor(message.modelVersion)),
        sink,
        rowGroupBytesMax: settings.rowGroupBytesMax,
        ceilings: settings.ceilings,
        now: () => performance.now(),
        interrupted: mustStop(lease),
      },
      message,
    );
  } catch (error) {
    const isStopped = error instanceof NutrisageError && error.code === 'interrupted';
    throw isStopped && !isInterrupted() ? leaseLost(message) : error;
  }
}

function leaseLost({ shard, input }: ShardMessage): NutrisageError {
  return new NutrisageError(
    'lease-lost',
    `Shard ${shard} of s3://${input.bucket}/${input.key} took longer than its message was held for this worker.`,
    'Another worker has it. If it lasts, look whether the queue can be reached, and raise the visibility timeout.',
  );
}

async function run(task: ThreadTask): Promise<ThreadReply> {
  switch (task.kind) {
    case 'inspect':
      return { kind: 'inspected', inspection: await inspect(task), recycle: false };
    case 'grade':
      return { kind: 'graded', shard: await grade(task), recycle: false };
    case 'check-model':
      await modelFor(task.version);
      return { kind: 'model-checked', recycle: false };
    default:
      return task satisfies never;
  }
}

async function answer(task: ThreadTask): Promise<void> {
  const reply = await run(task).catch(
    (error: unknown): ThreadReply => ({
      kind: 'failed',
      error: toErrorRecord(translate(error)),
      recycle: false,
    }),
  );
  port?.postMessage({ ...reply, recycle: readerMemoryBytes() > READER_MEMORY_BYTES_MAX });
  collectTask();
}

function translate(error: unknown): NutrisageError {
  const isHeapError =
    error instanceof RangeError && /allocation|Invalid typed array length/i.test(error.message);
  if (!isHeapError) return asNutrisageError(error);
  return new NutrisageError(
    'reader-out-of-memory',
    `Memory for a shard could not be had: ${error.message}.`,
    'Write the file again with smaller row groups (100,000 rows is plenty) and submit it again.',
    { cause: error },
  );
}

port.on('message', (task: ThreadTask) => {
  void answer(task);
});
port.postMessage({ kind: 'ready' } satisfies ThreadReply);
