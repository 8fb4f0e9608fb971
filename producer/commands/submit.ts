/**
 * `nutrisage submit`: uploads what is not yet there and asks a worker to plan the job. The ledger is only read
 * here; workers alone write it, so that a command killed half-way leaves nothing to mend.
 */
import type { Submission } from '../../core/jobs/job-id.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { SubmissionMessage } from '../../schemas/messages.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { readMappingFile } from '../inputs/mapping-file.ts';
import { type ResolvedInput, resolveInputs } from '../inputs/resolve-inputs.ts';
import { isEndState } from '../job-progress.ts';
import { LOG_LEVELS, type LogLine } from '../logs/log-line.ts';
import { renderSubmission, renderSubmitted, type SubmissionPage } from '../output/render-job.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { endedJob, followJob } from './follow-job.ts';
import { mustSend, submissionMessage } from './plan-submission.ts';
import { type UploadedFile, uploadFiles } from './upload-files.ts';

export interface SubmitOptions {
  readonly inputs: readonly string[];
  readonly mappingFile: string | undefined;
  readonly again: number;
  readonly wait: boolean;
  /** Clock of the submission, ISO 8601. */
  readonly submittedAt: string;
  /** Names this submission in the logs of all programs. */
  readonly correlation: string;
}

export async function submit(options: SubmitOptions, context: CommandContext): Promise<CommandResult> {
  const { services } = context;
  const mapping = await mappingOf(options.mappingFile);
  const resolved = await resolveInputs(options.inputs, services.store);
  const stored = await bringToStore(resolved, context);
  const submission = asSubmission(stored, mapping, options.again);
  const message = submissionMessage(submission, options.submittedAt, options.correlation);
  const before = await services.ledger.job(message.job);
  if (mustSend(before)) {
    await services.jobsQueue.send(JSON.stringify(message));
    await services.logs?.append(submittedLine(message));
  }
  const page = pageOf(message, stored, before, options);
  if (!options.wait) return submitted(page);
  if (before === undefined || !isEndState(before.state)) context.progress.note(renderSubmitted(page));
  const ended = await followJob(message.job, context);
  return endedJob(ended, context, documentOf(page));
}

/** What the workers' lines of the job follow on. */
function submittedLine({ job, correlation, submittedAt, inputs }: SubmissionMessage): LogLine {
  const bytes = inputs.reduce((sum, { size }) => sum + size, 0);
  return {
    level: LOG_LEVELS.info,
    time: Date.parse(submittedAt),
    program: 'nutrisage',
    job,
    ...(correlation === undefined ? {} : { correlation }),
    files: inputs.length,
    bytes,
    msg: 'job submitted',
  };
}

async function mappingOf(path: string | undefined): Promise<Mapping | undefined> {
  return path === undefined ? undefined : readMappingFile(path);
}

/** References in the order of the inputs, local ones uploaded. */
async function bringToStore(
  inputs: readonly ResolvedInput[],
  context: CommandContext,
): Promise<readonly UploadedFile[]> {
  const files = inputs.flatMap((input) => (input.kind === 'local' ? [input.file] : []));
  const uploads = (await uploadFiles(files, context)).values();
  return inputs.map((input) =>
    input.kind === 'stored' ? { object: input.object, wasSent: false } : nextOf(uploads),
  );
}

function nextOf(uploads: IterableIterator<UploadedFile>): UploadedFile {
  const { value, done } = uploads.next();
  if (done) throw new RangeError('fewer uploads than local files');
  return value;
}

function asSubmission(
  stored: readonly UploadedFile[],
  mapping: Mapping | undefined,
  again: number,
): Submission {
  const inputs: readonly FileReference[] = stored.map(({ object }) => object);
  return { inputs, again, ...(mapping === undefined ? {} : { mapping }) };
}

function pageOf(
  { job, inputs, correlation }: SubmissionMessage,
  stored: readonly UploadedFile[],
  before: JobRecord | undefined,
  { again }: SubmitOptions,
): SubmissionPage {
  return {
    job,
    stateBefore: before?.state,
    submittedBefore: before?.submittedAt,
    files: inputs.length,
    bytes: inputs.reduce((sum, { size }) => sum + size, 0),
    uploads: stored.filter(({ wasSent }) => wasSent).length,
    inputs,
    again,
    correlation: mustSend(before) ? correlation : undefined,
  };
}

function documentOf({
  job,
  stateBefore,
  inputs,
  uploads,
  bytes,
  correlation,
}: SubmissionPage): Readonly<Record<string, unknown>> {
  return {
    job,
    state: stateBefore ?? 'queued',
    alreadySubmitted: stateBefore !== undefined,
    inputs,
    uploads,
    bytes,
    ...(correlation === undefined ? {} : { correlation }),
  };
}

function submitted(page: SubmissionPage): CommandResult {
  return { document: documentOf(page), text: renderSubmission(page), exitCode: EXIT_CODES.ok };
}
