/** The summary of a job: a pure function of its ledger records, so whoever closes it writes the same bytes. */
import { jobFiles } from '../../core/jobs/job-files.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import { mergeRowCounts } from '../../schemas/counts.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord, ShardRecord, StepSeconds } from '../../schemas/ledger.ts';

export type EndState = 'succeeded' | 'partly failed' | 'failed';

export type ClosedJobSummary = JobSummary & { readonly state: EndState };

export function summariseJob(job: JobRecord, records: readonly ShardRecord[]): ClosedJobSummary {
  const shards = [...records].sort((left, right) => left.shard - right.shard);
  const done = shards.filter((shard) => shard.state === 'done');
  const failed = shards.filter((shard) => shard.state === 'failed');
  const counts = mergeRowCounts(done.flatMap((shard) => (shard.counts === undefined ? [] : [shard.counts])));
  const finishedAt = shards.reduce((latest, { at }) => (at > latest ? at : latest), job.submittedAt);
  const seconds = (Date.parse(finishedAt) - Date.parse(job.submittedAt)) / 1000;
  const mismatch = countsMismatch(done, counts);
  return {
    job: job.job,
    state: mismatch === undefined ? endState(job, done.length, failed.length) : 'failed',
    submittedAt: job.submittedAt,
    finishedAt,
    seconds,
    rowsPerSecond: seconds > 0 ? Math.round(counts.rows / seconds) : 0,
    modelVersion: job.modelVersion,
    rules: job.rules,
    files: jobFiles(job),
    shards: { planned: job.shards ?? 0, done: done.length, failed: failed.length },
    counts,
    agreement: counts.compared === 0 ? null : counts.agreed / counts.compared,
    stepSeconds: sumSeconds(done),
    outputs: {
      grades: done.flatMap((shard) => shard.outputs?.grades ?? []),
      rejects: done.flatMap((shard) => shard.outputs?.rejects ?? []),
    },
    failures: failed.flatMap(({ shard, failure }) => (failure === undefined ? [] : [{ shard, failure }])),
    ...(mismatch === undefined ? {} : { failure: mismatch }),
  };
}

/** `succeeded`: every file and shard; `failed`: no shard; else `partly failed`. */
function endState(job: JobRecord, done: number, failed: number): EndState {
  const aFileFailed = (job.files ?? []).some((file) => file.failure !== undefined);
  if (failed === 0 && !aFileFailed) return 'succeeded';
  return done === 0 ? 'failed' : 'partly failed';
}

/** Every input row ends in exactly one of graded and rejected. */
function countsMismatch(done: readonly ShardRecord[], counts: RowCounts): JobSummary['failure'] {
  const planned = done.reduce((sum, shard) => sum + shard.rows, 0);
  const isWhole = counts.rows === planned && counts.graded + counts.rejected === counts.rows;
  if (isWhole) return undefined;
  return {
    code: 'unexpected',
    message: `${planned} rows were planned, but ${counts.graded} graded and ${counts.rejected} rejected.`,
    remedy: 'Report this as a fault of the program, with the job’s ledger records.',
  };
}

function sumSeconds(shards: readonly ShardRecord[]): StepSeconds {
  const sum: StepSeconds = { read: 0, grade: 0, write: 0, items: 0 };
  for (const { seconds } of shards) {
    if (seconds === undefined) continue;
    sum.read += seconds.read;
    sum.grade += seconds.grade;
    sum.write += seconds.write;
    sum.items += seconds.items;
  }
  return sum;
}
