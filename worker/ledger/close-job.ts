/** Closing: whoever brings the last shard writes the summary and sets the end state. */
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { reportKey, summaryKey } from '../../core/jobs/keys.ts';
import { jobReport } from '../../core/report/job-report.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { WorkerMeter } from '../metrics/worker-meter.ts';
import type { ModelBasis } from '../models/model-basis.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { traceOf } from '../trace.ts';
import type { Ledger } from './ledger.ts';
import { type ClosedJobSummary, tallyJob } from './tally-job.ts';

export interface CloseJobPorts {
  readonly ledger: Ledger;
  readonly store: ObjectStore;
  readonly dataBucket: string;
  /** What a model was trained on and promises. @throws {NutrisageError} when it can not be told for now. */
  readonly modelBasis: (version: string) => Promise<ModelBasis>;
  readonly clock: () => Date;
  readonly meter: WorkerMeter;
  readonly log: Logger;
}

/**
 * Whether to look at the shard records although the job's counter is short of the shard count: a worker that died
 * between recording a shard and counting it left the counter short. `never` for who has just counted;
 * `near the end` for who met a repeated delivery, since each look reads every record of the job; `always` for
 * reconciling, which finds the jobs that are short of more.
 */
export type Recount = 'never' | 'near the end' | 'always';

/** How short the counter may be near the end: more workers than this seldom die over one job. */
const SHORT_MAX = 8;

/**
 * Closes the job if every shard is done or failed.
 * @returns whether this call closed it
 */
export async function closeJobIfComplete(
  ports: CloseJobPorts,
  jobId: string,
  recount: Recount,
): Promise<boolean> {
  const job = await ports.ledger.job(jobId);
  if (job?.state !== 'running' || job.shards === undefined) return false;
  const shortMax = { never: 0, 'near the end': SHORT_MAX, always: Number.POSITIVE_INFINITY }[recount];
  const isShort = job.shards - job.finished > shortMax;
  if (isShort) return false;

  return close(ports, job);
}

/**
 * The summary is written before the end state is set, so that a closed job has one. When a redrive comes in
 * between, the end state is refused and what was written may be stale, perhaps over a newer summary: so it is
 * written again from what the ledger says by then.
 */
async function close(ports: CloseJobPorts, seen: JobRecord): Promise<boolean> {
  let job = seen;
  for (;;) {
    const summary = await writeSummary(ports, job);
    if (summary === undefined) return false;
    const closedAt = ports.clock().toISOString();
    const { planned: finished } = summary.shards;
    const { rows: rowsFinished, rejected: rowsRejected } = summary.counts;
    const end = { state: summary.state, closedAt, finished, rowsFinished, rowsRejected };
    const outcome = await ports.ledger.closeJob(job.job, job.revision, end);
    if (outcome === 'won') {
      ports.meter.jobClosed(summary);
      const { rows, graded, rejected } = summary.counts;
      ports.log.info(
        { ...traceOf(job), state: summary.state, rows, graded, rejected, seconds: summary.seconds },
        'job closed',
      );
      return true;
    }
    const now = await ports.ledger.job(job.job);
    const isRedriven = now !== undefined && now.revision !== job.revision;
    if (!isRedriven) return false;
    job = now;
  }
}

/** Absent while shards are open. */
async function writeSummary(ports: CloseJobPorts, job: JobRecord): Promise<ClosedJobSummary | undefined> {
  const tally = tallyJob(job);
  for await (const page of ports.ledger.shardPages(job.job)) tally.add(page);
  if (!tally.isComplete()) return undefined;
  const summary = tally.summary(await ports.modelBasis(job.modelVersion));
  // The page first: where a summary lies, all that it names does. Of a large job each takes some 20 ms to make.
  await put(ports, reportKey(job.job), jobReport(summary), 'text/html; charset=utf-8');
  await setImmediate();
  await put(ports, summaryKey(job.job), `${JSON.stringify(summary, null, 2)}\n`, 'application/json');
  return summary;
}

async function put(ports: CloseJobPorts, key: string, text: string, contentType: string): Promise<void> {
  await ports.store.put(ports.dataBucket, key, new TextEncoder().encode(text), contentType);
}
