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
import { retryLater } from '../queue/retry-later.ts';
import type { Delivery, Settlement } from '../queue/work-queue.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';

export interface ProcessShardPorts extends CloseJobPorts {
  readonly threads: Pick<ThreadPool, 'grade'>;
  readonly worker: string;
  readonly receivesMax: number;
  readonly retentionDays: number;
  readonly log: Logger;
}

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
    await closeJobIfComplete(ports, message.job, true);
    return { kind: 'acknowledge' };
  }
  if (known?.state === 'failed') await clearFailure(ports, message);

  const isLastAttempt = delivery.receiveCount >= ports.receivesMax;
  if (isLastAttempt) {
    await ports.ledger.putLastAttempt(lastAttemptRecord(message, attemptOf(ports, delivery)));
  }
  try {
    const written = await ports.threads.grade(message);
    await recordFinished(ports, doneRecord(written, attemptOf(ports, delivery)));
    return { kind: 'acknowledge' };
  } catch (thrown) {
    const error = asNutrisageError(thrown);
    if (error.code === 'interrupted') return { kind: 'release' };
    const isFinal = error.disposition === 'fail' || isLastAttempt;
    return isFinal ? bury(ports, message, delivery, error) : retryShard(ports, message, delivery, error);
  }
}

/**
 * The shard came back from the dead-letter queue. The job is reopened first: were the failure cleared first,
 * a crash between the two would leave a closed job with an open shard, which nobody closes again.
 */
async function clearFailure(ports: ProcessShardPorts, message: ShardMessage): Promise<void> {
  await ports.ledger.reopenJob(message.job);
  await ports.ledger.clearFailure(message.job, message.shard, message.redrive);
}

async function recordFinished(ports: ProcessShardPorts, record: ShardRecord): Promise<void> {
  const put = record.state === 'done' ? ports.ledger.putDone : ports.ledger.putFailed;
  const outcome = await put(record);
  if (outcome === 'won') {
    await ports.ledger.addFinished(record.job, record.counts?.rows ?? 0, record.counts?.rejected ?? 0);
  }
  const { job, shard, attempt, seconds, failure } = record;
  ports.log.info(
    { job, shard, attempt, outcome, rows: record.rows, seconds, failure },
    `shard ${record.state}`,
  );
  await closeJobIfComplete(ports, record.job, outcome === 'lost');
}

async function bury(
  ports: ProcessShardPorts,
  message: ShardMessage,
  delivery: Delivery,
  error: NutrisageError,
): Promise<Settlement> {
  const failure = toErrorRecord(error);
  await recordFinished(ports, failedRecord(message, attemptOf(ports, delivery), failure));
  return { kind: 'bury', failure };
}

function retryShard(
  ports: ProcessShardPorts,
  message: ShardMessage,
  delivery: Delivery,
  error: NutrisageError,
): Settlement {
  const settlement = retryLater(delivery);
  const { job, shard } = message;
  ports.log.warn(
    { job, shard, attempt: delivery.receiveCount, code: error.code, err: error, settlement },
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
