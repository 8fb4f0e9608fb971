/**
 * Once a minute one worker looks for jobs that stand still: a shard whose last attempt was never heard of
 * again becomes failed, and a job whose counter fell short of its records is counted again and closed.
 */
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { ShardRecord } from '../../schemas/ledger.ts';
import { type CloseJobPorts, closeJobIfComplete } from './close-job.ts';

export interface ReconcilePorts extends CloseJobPorts {
  readonly worker: string;
  /** A last attempt older than this is lost; well above the longest shard and the visibility timeout. */
  readonly lastAttemptSecondsMax: number;
  readonly retentionDays: number;
}

const LEASE = 'RECONCILE';
export const RECONCILE_SECONDS = 60;
const MILLISECONDS_PER_DAY = 86_400_000;

/** @returns how many jobs it closed; 0 also when another worker holds the lease. */
export async function reconcile(ports: ReconcilePorts): Promise<number> {
  const now = ports.clock();
  const isOurs = await ports.ledger.lease(LEASE, ports.worker, now, RECONCILE_SECONDS);
  if (!isOurs) return 0;
  const since = new Date(now.getTime() - ports.retentionDays * MILLISECONDS_PER_DAY).toISOString();
  let closed = 0;
  for (const job of await ports.ledger.openJobs(since)) {
    try {
      for (const record of await ports.ledger.shards(job.job)) await failLostAttempt(ports, record, now);
      if (await closeJobIfComplete(ports, job.job, true)) closed += 1;
    } catch (error) {
      ports.log.warn({ job: job.job, err: asNutrisageError(error) }, 'a job could not be reconciled');
    }
  }
  return closed;
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
