/**
 * Planning: from a job's files to its shards. Whoever gets the message plans; a crash at any point leaves a
 * state from which the next delivery goes on, because the plan is a pure function of the files' footers and
 * of the values the ledger stored first.
 */
import type { Logger } from 'pino';
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import { planShards } from '../../core/jobs/plan-shards.ts';
import type { Failure, FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile } from '../../schemas/ledger.ts';
import { MESSAGE_VERSION, type ShardMessage } from '../../schemas/messages.ts';
import { type JobPins, type NewJob, planningRecord } from '../ledger/job-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import type { FileInspection } from '../threads/thread-protocol.ts';

export interface PlanJobPorts {
  readonly ledger: Ledger;
  readonly queue: Pick<WorkQueue, 'send'>;
  readonly threads: Pick<ThreadPool, 'inspect'>;
  readonly currentModel: () => Promise<string>;
  readonly pins: Omit<JobPins, 'modelVersion'>;
  readonly clock: () => Date;
  readonly log: Logger;
}

export type InspectedFile =
  | { readonly input: FileReference; readonly inspection: FileInspection }
  /** An error that was met now, or the record of one that the plan was made with. */
  | { readonly input: FileReference; readonly failure: NutrisageError | Failure };

/**
 * Puts the job in the ledger, plans its shards and sends them.
 * @throws {NutrisageError} when the job can not be planned: for good (`fail`), or for now (`retry`). Whoever calls
 *   it records that with `recordPlanningFailure`.
 */
export async function planJob(ports: PlanJobPorts, newJob: NewJob): Promise<void> {
  const job = await openJob(ports, newJob);
  const isOpen = job.state === 'planning' || job.state === 'running';
  if (!isOpen) return;

  const inspected: InspectedFile[] = [];
  for (const [file, input] of job.inputs.entries()) {
    inspected.push(await inspectFile(ports, job, input, job.files?.[file]));
  }
  const plan = planFiles(inspected, job);
  if (plan.messages.length === 0) throw firstFailure(inspected, job);

  const started = await ports.ledger.startJob(job.job, {
    files: plan.files,
    rows: plan.rows,
    shards: plan.messages.length,
  });
  if (started.state !== 'running') return;
  if (!isSamePlan(started.files ?? [], plan.files)) throw plannedOtherwise(job);
  await ports.queue.send(plan.messages.map((message) => JSON.stringify(message)));
  ports.log.info(
    { job: job.job, files: plan.files.length, rows: plan.rows, shards: plan.messages.length },
    'job planned',
  );
}

/** Pinned by a job that failed before a model could be looked up; planned anew, it gets a real one. */
const NO_MODEL = 'none';

/**
 * Records that a job can not be planned, so that `status` and `--wait` show the reason; the job is made if it
 * failed before it was in the ledger. What is tried again is not recorded, nor is a job that was planned.
 */
export async function recordPlanningFailure(
  ports: PlanJobPorts,
  newJob: NewJob,
  thrown: unknown,
  isLastDelivery: boolean,
): Promise<void> {
  const error = asNutrisageError(thrown);
  const isFinal = error.disposition === 'fail' || isLastDelivery;
  if (!isFinal || error.code === 'interrupted') return;
  const failure = { ...toErrorRecord(error) };
  const closedAt = ports.clock().toISOString();
  const modelVersion = await ports.currentModel().catch(() => NO_MODEL);
  const record = planningRecord(newJob, { ...ports.pins, modelVersion });
  // In one write: a job left `planning` without a model would be planned without one.
  await ports.ledger.createJob({ ...record, state: 'failed', failure, closedAt });
  await ports.ledger.failPlanning(newJob.job, failure, closedAt);
}

/**
 * The stored job; made if there is none, and set back to planning if planning it failed before. Nothing was
 * graded by the model that was pinned then, and the files may have been put back since: both are taken anew.
 */
async function openJob(ports: PlanJobPorts, newJob: NewJob): Promise<JobRecord> {
  const known = await ports.ledger.job(newJob.job);
  const planningFailed = known?.state === 'failed' && known.shards === undefined;
  if (known !== undefined && !planningFailed) return known;
  const modelVersion = await ports.currentModel();
  return planningFailed
    ? ports.ledger.retryPlanning(newJob.job, { modelVersion, inputs: newJob.inputs })
    : ports.ledger.createJob(planningRecord(newJob, { ...ports.pins, modelVersion }));
}

/**
 * @param planned the file in the plan that the ledger has, if it has one. It was counted as it was found then: a
 *   failed one stays out although it may be whole now, and of one that was whole a failure stops the planning.
 */
async function inspectFile(
  ports: PlanJobPorts,
  job: JobRecord,
  input: FileReference,
  planned: PlannedFile | undefined,
): Promise<InspectedFile> {
  if (planned?.failure !== undefined) return { input, failure: planned.failure };
  try {
    return { input, inspection: await ports.threads.inspect(input, job.mapping) };
  } catch (thrown) {
    const failure = asNutrisageError(thrown);
    if (failure.disposition === 'retry' || planned !== undefined) throw failure;
    return { input, failure };
  }
}

function isSamePlan(stored: readonly PlannedFile[], made: readonly PlannedFile[]): boolean {
  const numbers = (files: readonly PlannedFile[]): string =>
    JSON.stringify(files.map(({ rows, firstShard, shards }) => [rows, firstShard, shards]));
  return numbers(stored) === numbers(made);
}

function plannedOtherwise(job: JobRecord): NutrisageError {
  return new NutrisageError(
    'unexpected',
    `Job ${job.job} was planned by two workers at once, and a file was there for one of them only.`,
    'It is planned again by itself, as the first of them did.',
  );
}

interface JobPlan {
  readonly files: PlannedFile[];
  readonly rows: number;
  readonly messages: ShardMessage[];
}

/** Rows and shards are numbered through the files in their order; a file that can not be read has none. */
export function planFiles(inspected: readonly InspectedFile[], job: JobRecord): JobPlan {
  const files: PlannedFile[] = [];
  const messages: ShardMessage[] = [];
  let rows = 0;
  inspected.forEach((file, fileNumber) => {
    const { input } = file;
    const place = { input, firstRowNumber: rows, firstShard: messages.length };
    if ('failure' in file) {
      const { code, message, remedy } = file.failure;
      files.push({ ...place, rows: 0, shards: 0, failure: { code, message, remedy } });
      return;
    }
    for (const shard of planShards(file.inspection.rowGroups, job.shardRows)) {
      messages.push({
        kind: 'shard',
        version: MESSAGE_VERSION,
        job: job.job,
        shard: messages.length,
        file: fileNumber,
        input,
        rowGroups: { first: shard.first, count: shard.count },
        rows: shard.rows,
        firstRowNumber: rows + shard.firstRow,
        submittedAt: job.submittedAt,
        modelVersion: job.modelVersion,
        rules: job.rules,
        ...(job.mapping === undefined ? {} : { mapping: job.mapping }),
        redrive: 0,
      });
    }
    files.push({ ...place, rows: file.inspection.rows, shards: messages.length - place.firstShard });
    rows += file.inspection.rows;
  });
  return { files, rows, messages };
}

function firstFailure(inspected: readonly InspectedFile[], job: JobRecord): NutrisageError {
  for (const file of inspected) {
    if ('failure' in file && file.failure instanceof NutrisageError) return file.failure;
  }
  return new NutrisageError('no-rows', `Job ${job.job} has no file with rows.`, 'Submit files with rows.');
}
