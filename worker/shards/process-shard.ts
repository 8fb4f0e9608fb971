/**
 * One delivery of a shard message. Read it against a crash after every step and against every message
 * delivered twice: parts and items are the same bytes at the same keys, the ledger's puts are conditional,
 * and the message is settled last.
 */
import type { Logger } from 'pino';
import { asNutrisageError, type NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { ShardRecord } from '../../schemas/ledger.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { type CloseJobPorts, closeJobIfComplete } from '../ledger/close-job.ts';
import { type Attempt, doneRecord, failedRecord, lastAttemptRecord } from '../ledger/job-record.ts';
import { recordEnd } from '../ledger/record-end.ts';
import { retryLater } from '../queue/retry-later.ts';
import type { Delivery, Settlement } from '../queue/work-queue.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import { traceOf } from '../trace.ts';

export interface ProcessShardPorts extends CloseJobPorts {
  readonly threads: Pick<ThreadPool, 'grade'>;
  readonly worker: string;
  readonly receivesMax: number;
  readonly retentionDays: number;
  readonly log: Logger;
}

const RELEASE: Settlement = { kind: 'release' };

/** @throws {NutrisageError} when ledger or store can not be reached: the message comes again. */
export async function processShard(
  ports: ProcessShardPorts,
  message: ShardMessage,
  delivery: Delivery,
): Promise<Settlement> {
  const known = await ports.ledger.shard(message.job, message.shard);
  const isFinished =
    known?.state === 'done' || (known?.state === 'failed' && known.redrive >= message.redrive);
  if (isFinished) {
    await closeJobIfComplete(ports, message.job, 'near the end');
    return settlementBy(known, message);
  }
  if (message.redrive > 0) await takeUpAgain(ports, message, known);

  const isLastAttempt = delivery.receiveCount >= ports.receivesMax;
  const trace = lastAttemptRecord(message, attemptOf(ports, delivery));
  if (isLastAttempt) await ports.ledger.putLastAttempt(trace);
  try {
    const written = await ports.threads.grade(message, delivery.lease);
    return await recordFinished(ports, message, doneRecord(written, attemptOf(ports, delivery)));
  } catch (thrown) {
    const error = asNutrisageError(thrown);
    if (error.code === 'interrupted') {
      if (isLastAttempt) await clearTrace(ports, message, trace);
      return RELEASE;
    }
    const isFinal = error.disposition === 'fail' || isLastAttempt;
    if (!isFinal) return retryShard(ports, message, delivery, error);
    const failed = failedRecord(message, attemptOf(ports, delivery), toErrorRecord(error));
    return recordFinished(ports, message, failed);
  }
}

/**
 * An interruption is no failure, and a release costs no last delivery. The trace goes, since the message may wait for
 * longer than an attempt may take. A death before the release still ends in a failure: the queue gives the message up,
 * which reconciling sees. A trace that can not be removed is replaced by the end of the next attempt.
 */
async function clearTrace(
  ports: ProcessShardPorts,
  message: ShardMessage,
  trace: ShardRecord,
): Promise<void> {
  await ports.ledger
    .clearLastAttempt(trace)
    .catch((error: unknown) =>
      ports.log.warn(
        { ...traceOf(message), shard: message.shard, err: error },
        'a last attempt keeps its trace',
      ),
    );
}

/**
 * The shard came back from the dead-letter queue: its failure, or the trace of its last attempt, makes way. The
 * job is reopened before that, so that a death in between leaves no closed job with an open shard, and under a
 * further revision after it, so that a closer that still saw the failure loses.
 */
async function takeUpAgain(
  ports: ProcessShardPorts,
  message: ShardMessage,
  known: ShardRecord | undefined,
): Promise<void> {
  const { job, shard, redrive } = message;
  if (known !== undefined) {
    await ports.ledger.reopenJob(job);
    const outcome = await ports.ledger.clearFailure(job, shard, redrive);
    if (outcome === 'won' && known.state === 'failed') await ports.ledger.takeBackFinished(job);
  }
  await ports.ledger.reopenJob(job);
}

/** Another attempt may have recorded the shard first: then its record counts, for the message too. */
async function recordFinished(
  ports: ProcessShardPorts,
  message: ShardMessage,
  record: ShardRecord,
): Promise<Settlement> {
  const { outcome, stored } = await recordEnd(ports, record);
  const { job, shard, attempt, seconds, failure } = record;
  ports.log.info(
    { ...traceOf(message), shard, attempt, outcome, rows: record.rows, seconds, failure },
    `shard ${record.state}`,
  );
  await closeJobIfComplete(ports, job, outcome === 'lost' ? 'near the end' : 'never');
  return settlementBy(stored, message);
}

/**
 * The message of a failed shard is buried on whichever delivery: a worker may have died between the record and
 * the burial, and only a buried message can be sent back. A later redrive has a message of its own.
 */
function settlementBy(record: ShardRecord, message: ShardMessage): Settlement {
  const { state, failure, redrive } = record;
  const isOurFailure = state === 'failed' && redrive <= message.redrive;
  if (!isOurFailure || failure === undefined) return { kind: 'acknowledge' };
  return { kind: 'bury', failure };
}

function retryShard(
  ports: ProcessShardPorts,
  message: ShardMessage,
  delivery: Delivery,
  error: NutrisageError,
): Settlement {
  const settlement = retryLater(delivery);
  ports.log.warn(
    {
      ...traceOf(message),
      shard: message.shard,
      attempt: delivery.receiveCount,
      code: error.code,
      err: error,
      settlement,
    },
    'shard is tried again',
  );
  return settlement;
}

function attemptOf(ports: ProcessShardPorts, delivery: Delivery): Attempt {
  return {
    worker: ports.worker,
    attempt: delivery.receiveCount,
    at: ports.clock().toISOString(),
    retentionDays: ports.retentionDays,
  };
}
