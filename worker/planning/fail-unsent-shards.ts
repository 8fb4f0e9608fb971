/**
 * The end of shards that never get a message. Without it a job would be `running` for ever: it was planned, and
 * the worker that planned it died, or could not reach the queue, before it had sent them.
 */
import pLimit from 'p-limit';
import { type ErrorRecord, type NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { JobRecord, PlannedFile } from '../../schemas/ledger.ts';
import { type CloseJobPorts, closeJobIfComplete } from '../ledger/close-job.ts';
import { unsentRecord } from '../ledger/job-record.ts';
import { recordEnd } from '../ledger/record-end.ts';
import { traceOf } from '../trace.ts';

export interface FailUnsentPorts extends CloseJobPorts {
  readonly worker: string;
}

/** Shards of a planned job that can not be sent, and why. */
export interface UnsentShards {
  readonly file: Pick<PlannedFile, 'firstShard' | 'shards'>;
  readonly reason: NutrisageError;
}

const WRITES_AT_ONCE = 8;

/**
 * Fails those of the shards that have no record, notes that nothing is left to send, and closes the job if these
 * were its last. One that was sent all the same, by a worker that died before it said so, is found failed by whoever
 * has its message: that is buried with the reason and can be sent back.
 */
export async function failUnsentShards(
  ports: FailUnsentPorts,
  job: JobRecord,
  unsent: readonly UnsentShards[],
): Promise<void> {
  const known = new Set<number>();
  for await (const page of ports.ledger.shardPages(job.job)) for (const { shard } of page) known.add(shard);
  const limit = pLimit(WRITES_AT_ONCE);
  const failures: Promise<void>[] = [];
  for (const { file, reason } of unsent) {
    const failure = unsentFailure(reason);
    for (let shard = file.firstShard; shard < file.firstShard + file.shards; shard += 1) {
      if (!known.has(shard)) failures.push(limit(() => failOne(ports, job, shard, failure)));
    }
  }
  await Promise.all(failures);
  await ports.ledger.markSent(job.job, ports.clock().toISOString());
  ports.log.warn({ ...traceOf(job), shards: failures.length }, 'shards failed that could not be sent');
  await closeJobIfComplete(ports, job.job, 'always');
}

async function failOne(
  ports: FailUnsentPorts,
  job: JobRecord,
  shard: number,
  failure: ErrorRecord,
): Promise<void> {
  const attempt = { worker: ports.worker, at: ports.clock().toISOString() };
  await recordEnd(ports, unsentRecord(job, shard, attempt, failure));
}

function unsentFailure(reason: NutrisageError): ErrorRecord {
  const { code, message } = toErrorRecord(reason);
  return {
    code,
    message: `It could not be given to a worker: ${message}`,
    remedy: 'Mend the cause, then submit the files again with --again, or drop them in the inbox again.',
  };
}
