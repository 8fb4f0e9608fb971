/** `nutrisage download`: a closed job's parts and summary as local files, in the layout they have in the bucket. */
import { join, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import { NutrisageError } from '../../core/errors.ts';
import { summaryKey } from '../../core/jobs/keys.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { formatBytes, formatQuantity } from '../output/render-format.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { closedSummary } from './follow-job.ts';
import type { Services } from './ports.ts';

export interface DownloadOptions {
  readonly job: string;
  /** @default `nutrisage-<job>` in the working directory */
  readonly out: string | undefined;
}

export interface PlannedDownload {
  readonly key: string;
  readonly path: string;
}

const DOWNLOADS_AT_ONCE = 8;

/**
 * Where each object goes: the key itself is the path, so that `grades/**` is one hive dataset
 * (`date=…/job=…`) to DuckDB, Spark and Polars, and several jobs share one folder.
 * The summary comes last: where it lies, all the rest does.
 * @throws {CommandError} `summary-missing` for a key whose path is not inside of the folder.
 */
export function planDownload({ job, outputs }: JobSummary, out: string): readonly PlannedDownload[] {
  const folder = resolve(out);
  const report = outputs.report === undefined ? [] : [outputs.report];
  return [...outputs.grades, ...outputs.rejects, ...report, summaryKey(job)].map((key) => {
    const path = join(folder, key);
    // The root of the disk ends with its separator already.
    const inside = folder.endsWith(sep) ? folder : folder + sep;
    if (!path.startsWith(inside) || path === inside) throw leadsOut(job, key, folder);
    return { key, path };
  });
}

function leadsOut(job: string, key: string, folder: string): CommandError {
  return new CommandError(
    'summary-missing',
    `the summary of job ${job} names an output that leads out of ${folder}: ${JSON.stringify(key)}`,
    'No worker writes such a key: somebody else wrote that summary. Grade the files again with --again.',
  );
}

export async function download(
  { job, out }: DownloadOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { services, progress } = context;
  const summary = await closedSummary(job, services);
  const folder = out ?? `nutrisage-${job}`;
  const plan = planDownload(summary, folder);
  progress.note(`fetching ${formatQuantity(plan.length, 'file')} into ${folder}`);
  const files = await fetchAll(plan, context);
  return downloaded(job, folder, files);
}

interface FetchedFile extends PlannedDownload {
  readonly bytes: number;
}

async function fetchAll(plan: readonly PlannedDownload[], { services, signal }: CommandContext) {
  const limit = pLimit(DOWNLOADS_AT_ONCE);
  const [last, ...parts] = [...plan].reverse();
  const fetched = await Promise.all(
    parts.reverse().map((part) => limit(() => fetchOne(part, services, signal))),
  );
  return last === undefined ? fetched : [...fetched, await fetchOne(last, services, signal)];
}

async function fetchOne(
  part: PlannedDownload,
  services: Services,
  signal: AbortSignal,
): Promise<FetchedFile> {
  signal.throwIfAborted();
  const bytes = await services.store.download(services.dataBucket, part.key, part.path);
  if (bytes !== undefined) return { ...part, bytes };
  throw new NutrisageError(
    'object-missing',
    `s3://${services.dataBucket}/${part.key} is not there any more`,
    "The bucket's lifecycle rules may have removed it; grade the files again with --again.",
  );
}

function downloaded(job: string, folder: string, files: readonly FetchedFile[]): CommandResult {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const query = `SELECT grade, count(*) FROM '${join(folder, 'grades', '**', '*.parquet')}' GROUP BY grade`;
  return {
    document: { job, folder: resolve(folder), files, bytes },
    text: `${formatQuantity(files.length, 'file')}, ${formatBytes(bytes)}, in ${folder}\nQuery the grades, for instance with DuckDB: ${query}`,
    exitCode: EXIT_CODES.ok,
  };
}
