/** Closing: whoever brings the last shard writes the summary and sets the end state. */
import type { Logger } from 'pino';
import { summaryKey } from '../../core/jobs/keys.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Ledger } from './ledger.ts';
import { summariseJob } from './summarise-job.ts';

export interface CloseJobPorts {
  readonly ledger: Ledger;
  readonly store: ObjectStore;
  readonly dataBucket: string;
  readonly clock: () => Date;
  readonly log: Logger;
}

/**
 * Closes the job if every shard is done or failed.
 *
 * @param recount whether to look at the shard records although the job's counter is short of the shard count:
 *   a worker that died between recording a shard and counting it left the counter short.
 * @returns whether this call closed it
 */
export async function closeJobIfComplete(
  ports: CloseJobPorts,
  jobId: string,
  recount: boolean,
): Promise<boolean> {
  const job = await ports.ledger.job(jobId);
  if (job?.state !== 'running' || job.shards === undefined) return false;
  if (job.finished < job.shards && !recount) return false;

  const records = await ports.ledger.shards(jobId);
  const finished = records.filter(({ state }) => state === 'done' || state === 'failed');
  if (finished.length < job.shards) return false;

  const summary = summariseJob(job, finished);
  const bytes = new TextEncoder().encode(`${JSON.stringify(summary, null, 2)}\n`);
  await ports.store.put(ports.dataBucket, summaryKey(jobId), bytes, 'application/json');
  const outcome = await ports.ledger.closeJob(
    jobId,
    job.revision,
    summary.state,
    ports.clock().toISOString(),
  );
  if (outcome === 'lost') return false;
  const { rows, graded, rejected } = summary.counts;
  ports.log.info(
    { job: jobId, state: summary.state, rows, graded, rejected, seconds: summary.seconds },
    'job closed',
  );
  return true;
}
