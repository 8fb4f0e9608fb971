/** `nutrisage status`: how a job stands; a closed one's summary. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { isEndState } from '../job-progress.ts';
import { renderRunningJob } from '../output/render-job.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { endedJob, followJob, knownJob } from './follow-job.ts';

export interface StatusOptions {
  readonly job: string;
  readonly wait: boolean;
}

export async function status({ job, wait }: StatusOptions, context: CommandContext): Promise<CommandResult> {
  // With --wait a job that no worker has taken yet is waited for, as after `submit`.
  const record = wait ? await followJob(job, context) : await knownJob(job, context.services);
  if (isEndState(record.state)) return endedJob(record, context);
  const failed = await context.services.ledger.failedShards(job);
  return {
    document: { job, state: record.state, record, failedShards: failed, summary: null },
    text: renderRunningJob(record, failed),
    exitCode: EXIT_CODES.ok,
  };
}
