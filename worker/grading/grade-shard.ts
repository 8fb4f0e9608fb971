/**
 * One shard from bytes to bytes: read, validate, encode features, score, write Parquet parts, write items.
 * Everything it writes is a function of the message and the file: a repeat writes the same bytes.
 */

import {
  type ColumnBins,
  createHistogramCounter,
  type HistogramCounter,
} from '../../core/drift/count-histograms.ts';
import { NutrisageError } from '../../core/errors.ts';
import { encodeFeatures, type FeatureMatrix, roomFor } from '../../core/features/encode-features.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { partKey } from '../../core/jobs/keys.ts';
import type { FileCeilings } from '../../core/parquet/file-ceilings.ts';
import type { ItemFile } from '../../core/parquet/item-file.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { writeGrades } from '../../core/parquet/write-grades.ts';
import { writeRejects } from '../../core/parquet/write-rejects.ts';
import { REJECT_CODES, WARNING_CODES } from '../../core/validation/codes.ts';
import { validate } from '../../core/validation/validate.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { RowHistograms } from '../../schemas/histograms.ts';
import type { StepSeconds } from '../../schemas/ledger.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { interrupted } from '../interrupted.ts';
import { objectByteSource } from '../objects/object-byte-source.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { WrittenShard } from '../threads/thread-protocol.ts';
import type { GradeSink } from './grade-sink.ts';
import type { Scorer } from './scorer.ts';
import { createShardColumns, type GradedShard, type ShardColumns } from './shard-columns.ts';

export interface GradeShardPorts {
  readonly store: ObjectStore;
  readonly dataBucket: string;
  readonly scorer: Scorer;
  /** Bins of the model's training histograms; absent: drift is not counted. */
  readonly bins: readonly ColumnBins[] | undefined;
  /** Absent: Parquet only. */
  readonly sink: GradeSink | undefined;
  readonly rowGroupBytesMax: number;
  readonly ceilings?: FileCeilings;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Asked between blocks; true stops with `interrupted`. */
  readonly interrupted: () => boolean;
}

/** Rows scored at once: with 500 trees ONNX Runtime takes 28 ms, so that an interrupt is soon seen. */
const BLOCK_ROWS = 2000;
/**
 * Rows decoded at once. Batches of 65,536 are no faster with scoring behind them, and their columns made a
 * worker of two threads peak at 1,140 MiB where these peak at 745 (5 M flat rows in groups of 250,000).
 */
const BATCH_ROWS = 8192;
const PARQUET = 'application/vnd.apache.parquet';

/** @throws {NutrisageError} */
export async function gradeShard(ports: GradeShardPorts, message: ShardMessage): Promise<WrittenShard> {
  const seconds: StepSeconds = { read: 0, grade: 0, write: 0, items: 0 };
  const shard = await readAndGrade(ports, message, seconds);

  const outputs = await timed(ports, seconds, 'write', () => writeParts(ports, message, shard));
  if (ports.sink !== undefined) {
    const { sink } = ports;
    await timed(ports, seconds, 'items', () => sink.write(shard.graded, message, ports.interrupted));
  }
  const { counts, histograms } = shard;
  return {
    kind: 'written',
    message,
    counts,
    outputs,
    seconds,
    ...(histograms === undefined ? {} : { histograms }),
  };
}

interface CountedShard extends GradedShard {
  readonly histograms: RowHistograms | undefined;
}

async function readAndGrade(
  ports: GradeShardPorts,
  message: ShardMessage,
  seconds: StepSeconds,
): Promise<CountedShard> {
  const columns = createShardColumns(message.rows, message.modelVersion);
  const histograms = ports.bins === undefined ? undefined : createHistogramCounter(ports.bins);
  const file = await timed(ports, seconds, 'read', () =>
    openItemFile(objectByteSource(ports.store, message.input), {
      name: `s3://${message.input.bucket}/${message.input.key}`,
      rowGroupBytesMax: ports.rowGroupBytesMax,
      ...(ports.ceilings === undefined ? {} : { ceilings: ports.ceilings }),
      batchRows: BATCH_ROWS,
      ...(message.mapping === undefined ? {} : { mapping: message.mapping }),
    }),
  );
  try {
    await gradeBatches(ports, message, file, columns, histograms, seconds);
  } finally {
    file.close();
  }
  if (columns.rowCount !== message.rows) throw otherRows(message, columns.rowCount);
  return timed(ports, seconds, 'grade', async () => {
    const shard = columns.finish();
    return { ...shard, histograms: histograms?.finish(shard.graded.modelGrade) };
  });
}

/** What each batch of a shard is written over: 100 bytes a row that are not asked for and collected again. */
interface BatchRoom {
  readonly features: Float32Array;
  readonly probabilities: Float32Array;
}

function createBatchRoom(rows: number): BatchRoom {
  return {
    features: new Float32Array(rows * FEATURE_NAMES.length),
    probabilities: new Float32Array(rows * GRADES.length),
  };
}

async function gradeBatches(
  ports: GradeShardPorts,
  message: ShardMessage,
  file: ItemFile,
  columns: ShardColumns,
  histograms: HistogramCounter | undefined,
  seconds: StepSeconds,
): Promise<void> {
  stopIfInterrupted(ports);
  const room = createBatchRoom(Math.min(message.rows, BATCH_ROWS));
  let readFrom = ports.now();
  // `for await` returns the iterator whatever ends the loop, so that the reader is let go before the file is.
  for await (const batch of file.readBatches(message.rowGroups, message.firstRowNumber)) {
    seconds.read += (ports.now() - readFrom) / 1000;
    const rows = columns.rowCount + batch.rowCount;
    // Before they are taken in: the columns have room for the planned rows only.
    if (rows > message.rows) throw otherRows(message, rows);
    await timed(ports, seconds, 'grade', async () => {
      const items = validate(batch);
      const features = encodeFeatures(items, items.acceptedRows, room.features);
      histograms?.add(items, features);
      columns.append(items, await score(ports, features, room), message.rules);
    });
    stopIfInterrupted(ports);
    readFrom = ports.now();
  }
  seconds.read += (ports.now() - readFrom) / 1000;
}

async function score(
  ports: GradeShardPorts,
  features: FeatureMatrix,
  room: BatchRoom,
): Promise<Float32Array> {
  const probabilities = roomFor(features.rowCount * GRADES.length, room.probabilities);
  for (let first = 0; first < features.rowCount; first += BLOCK_ROWS) {
    stopIfInterrupted(ports);
    const rows = Math.min(BLOCK_ROWS, features.rowCount - first);
    const from = first * features.featureCount;
    const block = features.values.subarray(from, from + rows * features.featureCount);
    probabilities.set(await ports.scorer.score(block, rows), first * GRADES.length);
  }
  return probabilities;
}

async function writeParts(
  ports: GradeShardPorts,
  message: ShardMessage,
  { graded, rejected }: GradedShard,
): Promise<WrittenShard['outputs']> {
  stopIfInterrupted(ports);
  const gradesKey = graded.rowCount > 0 ? partKey('grades', message) : null;
  const rejectsKey = rejected.rowCount > 0 ? partKey('rejects', message) : null;
  if (gradesKey !== null) {
    await ports.store.put(ports.dataBucket, gradesKey, await writeGrades(graded, WARNING_CODES), PARQUET);
  }
  if (rejectsKey !== null) {
    stopIfInterrupted(ports);
    await ports.store.put(ports.dataBucket, rejectsKey, await writeRejects(rejected, REJECT_CODES), PARQUET);
  }
  return { grades: gradesKey, rejects: rejectsKey };
}

function otherRows(message: ShardMessage, rows: number): NutrisageError {
  const { shard, input } = message;
  return new NutrisageError(
    'damaged-parquet',
    `Shard ${shard} of s3://${input.bucket}/${input.key} has ${rows} rows where its footer says ${message.rows}.`,
    'The file is damaged: write it again from its source and submit it again.',
  );
}

function stopIfInterrupted(ports: GradeShardPorts): void {
  if (ports.interrupted()) throw interrupted();
}

async function timed<T>(
  ports: GradeShardPorts,
  seconds: StepSeconds,
  step: keyof StepSeconds,
  work: () => Promise<T>,
): Promise<T> {
  const start = ports.now();
  try {
    return await work();
  } finally {
    seconds[step] += (ports.now() - start) / 1000;
  }
}
