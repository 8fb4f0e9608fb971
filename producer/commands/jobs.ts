/** `nutrisage jobs`: the jobs of late. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderJobList } from '../output/render-job.ts';
import type { CommandContext, CommandResult } from './command.ts';

export async function jobs(
  { limit }: { readonly limit: number },
  { services }: CommandContext,
): Promise<CommandResult> {
  const records = await services.ledger.recentJobs(limit);
  return { document: { jobs: records }, text: renderJobList(records), exitCode: EXIT_CODES.ok };
}
