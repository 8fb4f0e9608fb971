/** Jobs as text: what was submitted, how one stands, and the list of those of late. */
import { fileName, jobFiles } from '../../core/jobs/job-files.ts';
import { formatDuration, formatTime } from '../../core/report/format-times.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, JobState, ShardRecord } from '../../schemas/ledger.ts';
import { formatBytes, formatCount, formatQuantity, formatShare, renderTable } from './render-format.ts';
import { failureText, fileTable } from './render-summary.ts';

export interface SubmissionPage {
  readonly job: string;
  /** State of the job that the ledger already had; absent: it is new. */
  readonly stateBefore: JobState | undefined;
  readonly submittedBefore: string | undefined;
  readonly files: number;
  readonly bytes: number;
  readonly uploads: number;
  readonly inputs: readonly FileReference[];
  readonly again: number;
  /** Names the submission in the logs; absent where nothing was sent. */
  readonly correlation: string | undefined;
}

export function renderSubmission(page: SubmissionPage): string {
  const { job, stateBefore } = page;
  const isKnown = stateBefore !== undefined && stateBefore !== 'planning';
  if (isKnown) return knownSubmission(page);
  return `${renderSubmitted(page)}\nFollow it: nutrisage status ${job} --wait`;
}

/** The one line that goes before the progress. */
export function renderSubmitted({ job, files, bytes, uploads }: SubmissionPage): string {
  const size = `${formatQuantity(files, 'file')}, ${formatBytes(bytes)}, ${formatCount(uploads)} uploaded`;
  return `Job ${job} submitted (${size}).`;
}

function knownSubmission({ job, stateBefore, submittedBefore = '', again }: SubmissionPage): string {
  const lines = [
    `Job ${job} was submitted before (${formatTime(submittedBefore)}) and is ${stateBefore}; nothing was sent.`,
    `Look at it: nutrisage status ${job}`,
    `Grade the same files again: add --again ${again + 1}`,
  ];
  const hasFailed = stateBefore === 'failed' || stateBefore === 'partly failed';
  if (hasFailed) lines.push(`Try what failed again: nutrisage dlq redrive ${job}`);
  return lines.join('\n');
}

/** A job that ended without a summary: it could not be planned. */
export function renderFailedJob(record: JobRecord): string {
  const { job, state, failure } = record;
  const lines = [`Job ${job} ${state}.`, fileTable(jobFiles(record))];
  if (failure !== undefined) lines.push(failureText('It could not be planned', failure));
  if (state !== 'succeeded') lines.push(`When the cause is mended: nutrisage dlq redrive ${job}`);
  return lines.filter((line) => line !== '').join('\n');
}

/** A job that goes on, with the shards that have failed so far. */
export function renderRunningJob(record: JobRecord, failed: readonly ShardRecord[]): string {
  const { job, state, submittedAt, inputs, modelVersion, shards } = record;
  const planned =
    shards === undefined
      ? 'not planned yet'
      : `${formatCount(record.finished)} of ${formatQuantity(shards, 'shard')} finished`;
  const files =
    record.files === undefined
      ? inputs.map(({ key }) => `  ${fileName(key)}`).join('\n')
      : fileTable(jobFiles(record));
  const failures = failed.map(({ shard, failure }) =>
    failure === undefined ? `shard ${shard} failed` : failureText(`shard ${shard}`, failure),
  );
  return [
    `Job ${job} is ${state}: ${planned}, ${rowsText(record)}`,
    `Submitted ${formatTime(submittedAt)}, model ${modelVersion}`,
    files,
    ...failures,
    `Follow it: nutrisage status ${job} --wait`,
  ].join('\n');
}

function rowsText({ rows, rowsFinished, rowsRejected }: JobRecord): string {
  const total = rows === undefined ? '' : ` of ${formatCount(rows)}`;
  const share = rows === undefined || rows === 0 ? '' : ` (${formatShare(Math.min(1, rowsFinished / rows))})`;
  return `${formatCount(rowsFinished)}${total} rows${share}, ${formatCount(rowsRejected)} rejected`;
}

export function renderJobList(records: readonly JobRecord[]): string {
  if (records.length === 0) return 'No job yet. Submit one: nutrisage submit products.parquet';
  const columns = [
    { title: 'job' },
    { title: 'submitted' },
    { title: 'state' },
    { title: 'rows', align: 'right' },
    { title: 'rejected', align: 'right' },
    { title: 'took', align: 'right' },
    { title: 'files' },
  ] as const;
  return renderTable(columns, records.map(listCells));
}

function listCells(record: JobRecord): readonly string[] {
  const { job, submittedAt, state, rows, rowsFinished, rowsRejected, inputs } = record;
  const isPartDone = state === 'running' && rows !== undefined && rows > 0;
  const share = isPartDone ? ` ${formatShare(Math.min(1, rowsFinished / rows))}` : '';
  const [first] = inputs;
  const more = inputs.length > 1 ? ` and ${formatCount(inputs.length - 1)} more` : '';
  return [
    job,
    formatTime(submittedAt),
    `${state}${share}`,
    rows === undefined ? '' : formatCount(rows),
    formatCount(rowsRejected),
    tookText(record),
    first === undefined ? '' : `${fileName(first.key)}${more}`,
  ];
}

function tookText({ submittedAt, closedAt }: JobRecord): string {
  if (closedAt === undefined) return '';
  return formatDuration(Math.max(0, Date.parse(closedAt) - Date.parse(submittedAt)) / 1000);
}
