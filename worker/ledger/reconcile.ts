/**
 * Once a minute one worker looks for jobs that stand still: a shard whose last attempt was never heard of
 * again becomes failed, and a job whose counter fell short of its records is counted again and closed.
 */
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { type CloseJobPorts, closeJobIfComplete } from './close-job.ts';

export interface ReconcilePorts extends CloseJobPorts {
  readonly worker: string;
  /** A last attempt older than this is lost; well above the longest shard and the visibility timeout. */
  readonly lastAttemptSecondsMax: number;
}

const LEASE = 'RECONCILE';
export const RECONCILE_SECONDS = 60;
/** SQS keeps a message for 14 days at most: an older job has none left that could move it. */
const OPEN_JOB_DAYS = 14;
const MILLISECONDS_PER_DAY = 86_400_000;

/** @returns how many jobs it closed; 0 also when another worker holds the lease. */
export async function reconcile(ports: ReconcilePorts): Promise<number> {
  const now = ports.clock();
  const isOurs = await ports.ledger.lease(LEASE, ports.worker, now, RECONCILE_SECONDS);
  if (!isOurs) return 0;
  const since = new Date(now.getTime() - OPEN_JOB_DAYS * MILLISECONDS_PER_DAY).toISOString();
  let closed = 0;
  for (const job of await ports.ledger.openJobs(since)) {
    try {
      const records = await ports.ledger.shards(job.job);
      for (const record of records) await failLostAttempt(ports, record, now);
      if (await closeJobIfComplete(ports, job.job, true)) closed += 1;
      else reportStandstill(ports, job, records, now);
    } catch (error) {
      ports.log.warn({ job: job.job, err: asNutrisageError(error) }, 'a job could not be reconciled');
    }
  }
  return closed;
}

/**
 * A job that nothing moves any more, for one whose messages were lost with the file they were planned from, is
 * not failed here: its shards may only wait behind others. Whoever reads the log can tell.
 */
function reportStandstill(
  ports: ReconcilePorts,
  job: JobRecord,
  records: readonly ShardRecord[],
  now: Date,
): void {
  const movedAt = records.reduce((latest, { at }) => (at > latest ? at : latest), job.submittedAt);
  const stillSeconds = Math.round((now.getTime() - Date.parse(movedAt)) / 1000);
  if (stillSeconds <= ports.lastAttemptSecondsMax) return;
  const { state, finished, shards } = job;
  ports.log.warn(
    { job: job.job, state, finished, shards, stillSeconds },
    'job stands still; if the queue is empty, submit its files again with --again',
  );
}

async function failLostAttempt(ports: ReconcilePorts, record: ShardRecord, now: Date): Promise<void> {
  const ageSeconds = (now.getTime() - Date.parse(record.at)) / 1000;
  const isLost = record.state === 'last attempt' && ageSeconds > ports.lastAttemptSecondsMax;
  if (!isLost) return;
  const failure = toErrorRecord(
    new NutrisageError(
      'thread-died',
      `Shard ${record.shard} was last heard of on its last attempt, by worker ${record.worker} at ${record.at}.`,
      'Look at that worker’s log, then send the shard back with `nutrisage dlq redrive`.',
    ),
  );
  const outcome = await ports.ledger.putFailed({ ...record, state: 'failed', failure });
  if (outcome === 'won') await ports.ledger.addFinished(record.job, 0, 0);
}
