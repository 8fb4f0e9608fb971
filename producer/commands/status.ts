/** `nutrisage status`: how a job stands; a closed one's summary. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { isEndState } from '../job-progress.ts';
import { renderRunningJob } from '../output/render-job.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { endedJob, followJob, knownJob } from './follow-job.ts';

export interface StatusOptions {
  readonly job: string;
  readonly wait: boolean;
  /** How long a job is waited for of which the ledger knows nothing. @default 180 */
  readonly untakenSecondsMax?: number;
}

/**
 * An id that was mistyped looks like a job that no worker has taken yet, and would be waited for without end.
 * Three minutes are above what a fleet that was scaled to none takes to start its first worker; who has just
 * submitted and wants to wait longer says `submit --wait`.
 */
const UNTAKEN_SECONDS_MAX = 180;

export async function status(
  { job, wait, untakenSecondsMax = UNTAKEN_SECONDS_MAX }: StatusOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const record = wait
    ? await followJob(job, context, { untakenSecondsMax })
    : await knownJob(job, context.services);
  if (isEndState(record.state)) return endedJob(record, context);
  const failed = await context.services.ledger.failedShards(job);
  return {
    document: { job, state: record.state, record, failedShards: failed, summary: null },
    text: renderRunningJob(record, failed),
    exitCode: EXIT_CODES.ok,
  };
}
