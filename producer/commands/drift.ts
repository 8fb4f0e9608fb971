/** `nutrisage drift`: how far a closed job's rows lie from training, or from another job. */
import { driftAgainstJob } from '../../core/drift/drift-report.ts';
import type { DriftReport } from '../../schemas/drift-report.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { renderDrift } from '../output/render-drift.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { closedSummary } from './follow-job.ts';

export interface DriftOptions {
  readonly job: string;
  /** The job that is compared with; absent: training. */
  readonly against: string | undefined;
  /** Features that have not moved too. */
  readonly isAll: boolean;
}

type MeasuredSummary = JobSummary & { readonly drift: DriftReport };

export async function drift(options: DriftOptions, context: CommandContext): Promise<CommandResult> {
  const summary = await measuredSummary(options.job, context);
  const report =
    options.against === undefined
      ? summary.drift
      : against(summary, await measuredSummary(options.against, context));
  const { job, agreement, agreementCheck } = summary;
  return {
    document: { job, drift: report, agreement, agreementCheck: agreementCheck ?? null },
    text: renderDrift(summary, report, options.isAll),
    exitCode: EXIT_CODES.ok,
  };
}

/** @throws {CommandError} `job-missing`, `job-not-finished`, `summary-missing`, `drift-missing` */
async function measuredSummary(job: string, { services }: CommandContext): Promise<MeasuredSummary> {
  const summary = await closedSummary(job, services);
  const { drift: report } = summary;
  if (report !== undefined) return { ...summary, drift: report };
  throw new CommandError(
    'drift-missing',
    `the rows of job ${job} were not counted for drift`,
    'Its model has no training histograms, or it was graded before they were counted: grade the files again with --again.',
  );
}

function against(summary: MeasuredSummary, other: MeasuredSummary): DriftReport {
  const report = driftAgainstJob(summary.drift, other.drift, other.job);
  if (report !== undefined) return report;
  throw new CommandError(
    'not-comparable',
    `job ${summary.job} was counted by the bins of model ${summary.modelVersion}, job ${other.job} by others of model ${other.modelVersion}`,
    'Grade the files of one of them again with --again: the current model then counts both.',
  );
}
