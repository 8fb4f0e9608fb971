/** Waiting for a job with its progress shown, and the page that a closed job ends with. */
import { summaryKey } from '../../core/jobs/keys.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { createParser, SchemaError } from '../../schemas/parse.ts';
import { CommandError, type ExitCode } from '../command-error.ts';
import { isEndState } from '../job-progress.ts';
import { renderFailedJob } from '../output/render-job.ts';
import { renderSummary } from '../output/render-summary.ts';
import { waitForJob } from '../wait-for-job.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { Services } from './ports.ts';

const jobSummary = createParser('summary.json', JobSummary);

/**
 * The job's end, shown while it is waited for. Without a limit a job that nobody takes is waited for until Ctrl-C.
 * @throws {WaitInterrupted} at Ctrl-C; {CommandError} `job-missing` when nobody has taken it in the time given.
 */
export async function followJob(
  job: string,
  context: CommandContext,
  limit: { readonly untakenSecondsMax?: number } = {},
): Promise<JobRecord> {
  const { services, progress, signal } = context;
  try {
    const onProgress = progress.show;
    return await waitForJob({ ledger: services.ledger, job, onProgress, signal, ...limit });
  } catch (error) {
    if (signal.aborted) throw new WaitInterrupted(job);
    throw error;
  } finally {
    progress.finish();
  }
}

/** Ctrl-C while waiting: no fault, and the job goes on. */
export class WaitInterrupted extends Error {
  readonly job: string;

  constructor(job: string) {
    super(`Stopped waiting; job ${job} goes on. Look at it with: nutrisage status ${job}`);
    this.name = 'WaitInterrupted';
    this.job = job;
  }
}

/** The page of a job in its end state; `extra` joins the summary in the JSON document. */
export async function endedJob(
  record: JobRecord,
  context: CommandContext,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<CommandResult> {
  const { services, paint } = context;
  const summary = await readSummary(record.job, services);
  const exitCode = exitCodeOf(record);
  const document = { ...extra, job: record.job, state: record.state, record, summary: summary ?? null };
  // A job that could not be planned has nothing to sum up: its record says why.
  if (summary === undefined) return { document, text: renderFailedJob(record), exitCode };
  return { document, text: renderSummary(summary, { dataBucket: services.dataBucket, paint }), exitCode };
}

export function exitCodeOf({ state }: JobRecord): ExitCode {
  return state === 'failed' || state === 'partly failed' ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** The job's summary, or none where closing wrote none. */
export async function readSummary(
  job: string,
  { store, dataBucket }: Services,
): Promise<JobSummary | undefined> {
  const key = summaryKey(job);
  const text = await store.readText(dataBucket, key);
  if (text === undefined) return undefined;
  try {
    return jobSummary.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SchemaError || cause instanceof SyntaxError)) throw cause;
    throw new CommandError(
      'summary-missing',
      `s3://${dataBucket}/${key} cannot be read: ${cause.message}`,
      'Was it written by another version of NutriSage? Use that one, or grade the files again with --again.',
      { cause },
    );
  }
}

/** @throws {CommandError} `job-missing` */
export async function knownJob(job: string, { ledger }: Services): Promise<JobRecord> {
  const record = await ledger.job(job);
  if (record !== undefined) return record;
  throw new CommandError(
    'job-missing',
    `there is no job ${job}`,
    '`nutrisage jobs` lists those of late; a job submitted a moment ago is known once a worker has taken it.',
  );
}

/**
 * The summary of a closed job.
 * @throws {CommandError} `job-missing`, `job-not-finished`, `summary-missing`
 */
export async function closedSummary(job: string, services: Services): Promise<JobSummary> {
  const record = await knownJob(job, services);
  if (!isEndState(record.state)) {
    throw new CommandError(
      'job-not-finished',
      `job ${job} is still ${record.state}`,
      `Wait for it: nutrisage status ${job} --wait`,
    );
  }
  const summary = await readSummary(job, services);
  if (summary !== undefined) return summary;
  throw new CommandError(
    'summary-missing',
    `job ${job} ${record.state} without outputs: ${record.failure?.message ?? 'its summary is not there'}`,
    `See why: nutrisage status ${job}`,
  );
}
