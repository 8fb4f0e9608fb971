/**
 * Once a minute one worker looks for jobs that stand still: what the queue itself gave up, and a shard whose last
 * attempt was never heard of again, becomes failed, and a job whose counter fell short of its records is counted again and closed.
 */
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { type RecordGivenUpPorts, recordGivenUp } from '../messages/record-given-up.ts';
import { traceOf } from '../trace.ts';
import { closeJobIfComplete } from './close-job.ts';
import { recordEnd } from './record-end.ts';

export interface ReconcilePorts extends RecordGivenUpPorts {
  /** A last attempt older than this is lost; well above the longest shard and the visibility timeout. */
  readonly lastAttemptSecondsMax: number;
}

const LEASE = 'RECONCILE';
export const RECONCILE_SECONDS = 60;
/**
 * SQS keeps a message for 14 days at most, and a message may live three times: on the jobs queue, buried, which
 * sends it anew, and on the jobs queue again when it is sent back. No message of an older job is left to move it.
 */
const MESSAGE_DAYS_MAX = 14;
const MESSAGE_LIVES = 3;
const OPEN_JOB_DAYS = MESSAGE_DAYS_MAX * MESSAGE_LIVES;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * @param leaseSeconds for which no other worker does the same
 * @returns how many jobs it closed; 0 also when another worker holds the lease
 */
export async function reconcile(ports: ReconcilePorts, leaseSeconds = RECONCILE_SECONDS): Promise<number> {
  const now = ports.clock();
  const isOurs = await ports.ledger.lease(LEASE, ports.worker, now, leaseSeconds);
  if (!isOurs) return 0;
  const since = new Date(now.getTime() - OPEN_JOB_DAYS * MILLISECONDS_PER_DAY).toISOString();
  await recordGivenUp(ports, await ports.ledger.openJobs(since)).catch((error: unknown) =>
    ports.log.warn({ err: asNutrisageError(error) }, 'what the queue gave up could not be recorded'),
  );
  // Anew: some may have ended by that.
  let closed = 0;
  for (const job of await ports.ledger.openJobs(since)) {
    try {
      const { isComplete, movedAt } = await lookAt(ports, job, now);
      const isClosed = isComplete && (await closeJobIfComplete(ports, job.job, 'always'));
      if (isClosed) closed += 1;
      else reportStandstill(ports, job, movedAt, now);
    } catch (error) {
      ports.log.warn({ ...traceOf(job), err: asNutrisageError(error) }, 'a job could not be reconciled');
    }
  }
  return closed;
}

interface JobSight {
  /** Every shard is done or failed by now. */
  readonly isComplete: boolean;
  /** When a shard was last recorded; of a job without any, when it was submitted. */
  readonly movedAt: string;
}

/** Reads the job's shards, and fails those whose last attempt was lost. */
async function lookAt(ports: ReconcilePorts, job: JobRecord, now: Date): Promise<JobSight> {
  let finished = 0;
  let movedAt = job.submittedAt;
  for await (const page of ports.ledger.shardPages(job.job)) {
    for (const record of page) {
      const isOpen = record.state === 'last attempt' && !(await failLostAttempt(ports, record, now));
      if (!isOpen) finished += 1;
      if (record.at > movedAt) movedAt = record.at;
    }
  }
  return { isComplete: job.shards !== undefined && finished >= job.shards, movedAt };
}

/**
 * A job that nothing moves any more, for one whose messages were lost with the file they were planned from, is
 * not failed here: its shards may only wait behind others. Whoever reads the log can tell.
 */
function reportStandstill(ports: ReconcilePorts, job: JobRecord, movedAt: string, now: Date): void {
  const stillSeconds = Math.round((now.getTime() - Date.parse(movedAt)) / 1000);
  if (stillSeconds <= ports.lastAttemptSecondsMax) return;
  const { state, finished, shards } = job;
  ports.meter.stoodStill();
  ports.log.warn(
    { ...traceOf(job), state, finished, shards, stillSeconds },
    'job stands still; if the queue is empty, submit its files again with --again',
  );
}

/** @returns whether the attempt was lost; the shard is failed then, or done after all. */
async function failLostAttempt(ports: ReconcilePorts, record: ShardRecord, now: Date): Promise<boolean> {
  const ageSeconds = (now.getTime() - Date.parse(record.at)) / 1000;
  if (ageSeconds <= ports.lastAttemptSecondsMax) return false;
  const failure = toErrorRecord(
    new NutrisageError(
      'thread-died',
      `Shard ${record.shard} was last heard of on its last attempt, by worker ${record.worker} at ${record.at}.`,
      'Look at that worker’s log, then send the shard back with `nutrisage dlq redrive`.',
    ),
  );
  const failed: ShardRecord = { ...record, state: 'failed', failure };
  await recordEnd(ports, failed);
  return true;
}
