/** `nutrisage logs`: what all programs of the local stack logged about a job. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import type { LogLine } from '../logs/log-line.ts';
import { renderLogLines } from '../output/render-logs.ts';
import type { CommandContext, CommandResult } from './command.ts';

export async function logs(job: string, { services }: CommandContext): Promise<CommandResult> {
  if (services.logs === undefined) throw logsElsewhere(job);
  // A submission that no worker has taken yet is in no ledger, and in the log all the same.
  const record = await services.ledger.job(job);
  const names = [job, ...(record?.correlation === undefined ? [] : [record.correlation])];
  const lines: LogLine[] = [];
  for await (const line of services.logs.linesWith(names)) if (isOf(line, names)) lines.push(line);
  lines.sort((left, right) => left.time - right.time);
  return {
    document: { job, correlation: record?.correlation ?? null, lines },
    text: lines.length === 0 ? noLine(job, services.logs.directory) : renderLogLines(lines),
    exitCode: lines.length === 0 ? EXIT_CODES.failed : EXIT_CODES.ok,
  };
}

/** By its members: a text that only mentions the job, in a message or a key, is of another. */
function isOf({ job, correlation }: LogLine, names: readonly string[]): boolean {
  return [job, correlation].some((name) => typeof name === 'string' && names.includes(name));
}

function noLine(job: string, directory: string): string {
  return `No line in ${directory} is about job ${job}.`;
}

function logsElsewhere(job: string): CommandError {
  return new CommandError(
    'logs-elsewhere',
    'the logs are not on this machine',
    `In CloudWatch Logs Insights, over the log groups of worker and endpoint: fields @timestamp, worker, msg | filter job = "${job}" | sort @timestamp`,
  );
}
