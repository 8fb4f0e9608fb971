/**
 * The summary of a job: a pure function of its ledger records and of its model, neither of which changes, so whoever
 * closes it writes the same bytes. Records are added page by page, so that no more than a page of them is held.
 */
import { checkAgreement } from '../../core/drift/agreement.ts';
import { driftAgainstTraining, referenceBins } from '../../core/drift/drift-report.ts';
import { createHistogramSum } from '../../core/drift/merge-histograms.ts';
import { jobFiles } from '../../core/jobs/job-files.ts';
import { reportKey } from '../../core/jobs/keys.ts';
import { mergeRowCounts, type RowCounts, zeroRowCounts } from '../../schemas/counts.ts';
import type { DriftReport } from '../../schemas/drift-report.ts';
import type { RowHistograms } from '../../schemas/histograms.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord, ShardRecord, StepSeconds } from '../../schemas/ledger.ts';
import type { ModelReference } from '../../schemas/model.ts';
import type { ModelBasis } from '../models/model-basis.ts';

export type EndState = 'succeeded' | 'partly failed' | 'failed';

export type ClosedJobSummary = JobSummary & { readonly state: EndState };

export interface JobTally {
  /** Adds records in the order of their shards; one on its last attempt does not count. */
  add(records: readonly ShardRecord[]): void;
  /** Whether every planned shard is done or failed. */
  isComplete(): boolean;
  /** Of a complete tally. */
  summary(basis: ModelBasis): ClosedJobSummary;
}

/** What the records have come to so far. */
interface Sums {
  readonly done: number;
  readonly rowsPlanned: number;
  readonly counts: RowCounts;
  readonly finishedAt: string;
}

export function tallyJob(job: JobRecord): JobTally {
  const planned = job.shards ?? 0;
  const stepSeconds: StepSeconds = { read: 0, grade: 0, write: 0, items: 0 };
  const outputs: JobSummary['outputs'] = { grades: [], rejects: [] };
  const failures: JobSummary['failures'] = [];
  let sums: Sums = {
    done: 0,
    rowsPlanned: 0,
    counts: zeroRowCounts(),
    finishedAt: job.submittedAt,
  };
  /** Of the records that have any: those of an older program have none. */
  const histograms = createHistogramSum();
  let failed = 0;

  function addDone({ seconds, outputs: parts, histograms: text }: ShardRecord): void {
    // The ledger is written by this project alone: the text is trusted to be what was put there.
    if (text !== undefined) histograms.add(JSON.parse(text) as RowHistograms);
    if (seconds !== undefined) addSeconds(stepSeconds, seconds);
    if (typeof parts?.grades === 'string') outputs.grades.push(parts.grades);
    if (typeof parts?.rejects === 'string') outputs.rejects.push(parts.rejects);
  }

  return {
    add(records) {
      const done = records.filter(({ state }) => state === 'done');
      for (const record of done) addDone(record);
      for (const { state, shard, failure } of records) {
        if (state !== 'failed') continue;
        failed += 1;
        if (failure !== undefined) failures.push({ shard, failure });
      }
      sums = {
        done: sums.done + done.length,
        rowsPlanned: done.reduce((rows, shard) => rows + shard.rows, sums.rowsPlanned),
        counts: mergeRowCounts([sums.counts, ...done.flatMap(({ counts }) => counts ?? [])]),
        finishedAt: latest(sums.finishedAt, records),
      };
    },
    isComplete: () => sums.done + failed >= planned,
    summary({ reference, metrics }) {
      const { counts, finishedAt, done } = sums;
      const agreementCheck = checkAgreement(counts, metrics);
      const drift = driftOf(job.modelVersion, reference, histograms.total());
      const seconds = (Date.parse(finishedAt) - Date.parse(job.submittedAt)) / 1000;
      const mismatch = countsMismatch(sums);
      return {
        job: job.job,
        state: mismatch === undefined ? endState(job, done, failed) : 'failed',
        submittedAt: job.submittedAt,
        finishedAt,
        seconds,
        rowsPerSecond: seconds > 0 ? Math.round(counts.rows / seconds) : 0,
        modelVersion: job.modelVersion,
        rules: job.rules,
        files: jobFiles(job),
        shards: { planned, done, failed },
        counts,
        agreement: counts.compared === 0 ? null : counts.agreed / counts.compared,
        ...(agreementCheck === undefined ? {} : { agreementCheck }),
        ...(drift === undefined ? {} : { drift }),
        stepSeconds,
        outputs: { ...outputs, report: reportKey(job.job) },
        failures,
        ...(mismatch === undefined ? {} : { failure: mismatch }),
      };
    },
  };
}

/** None where nothing was counted, or where the model has no reference of this program's features any more. */
function driftOf(
  modelVersion: string,
  reference: ModelReference | undefined,
  histograms: RowHistograms | undefined,
): DriftReport | undefined {
  if (reference === undefined || histograms === undefined) return undefined;
  const isOurs = referenceBins(reference) !== undefined;
  return isOurs ? driftAgainstTraining(modelVersion, reference, histograms) : undefined;
}

/** `succeeded`: every file and shard; `failed`: no shard; else `partly failed`. */
function endState(job: JobRecord, done: number, failed: number): EndState {
  const aFileFailed = (job.files ?? []).some((file) => file.failure !== undefined);
  if (failed === 0 && !aFileFailed) return 'succeeded';
  return done === 0 ? 'failed' : 'partly failed';
}

/** Every input row ends in exactly one of graded and rejected. */
function countsMismatch({ counts, rowsPlanned }: Sums): JobSummary['failure'] {
  const isWhole = counts.rows === rowsPlanned && counts.graded + counts.rejected === counts.rows;
  if (isWhole) return undefined;
  return {
    code: 'unexpected',
    message: `${rowsPlanned} rows were planned, but ${counts.graded} graded and ${counts.rejected} rejected.`,
    remedy: 'Report this as a fault of the program, with the job’s ledger records.',
  };
}

function latest(before: string, records: readonly ShardRecord[]): string {
  return records.reduce((at, record) => (isFinished(record) && record.at > at ? record.at : at), before);
}

function isFinished({ state }: ShardRecord): boolean {
  return state === 'done' || state === 'failed';
}

function addSeconds(sum: StepSeconds, seconds: StepSeconds): void {
  sum.read += seconds.read;
  sum.grade += seconds.grade;
  sum.write += seconds.write;
  sum.items += seconds.items;
}
