/**
 * Planning: from a job's files to its shards. Whoever gets the message plans; a crash at any point leaves a
 * state from which the next delivery goes on, because the plan is a pure function of the files' footers and
 * of the values the ledger stored first.
 */
import type { Logger } from 'pino';
import { asNutrisageError, type NutrisageError, toErrorRecord } from '../../core/errors.ts';
import { planShards } from '../../core/jobs/plan-shards.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
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

type InspectedFile =
  | { readonly input: FileReference; readonly inspection: FileInspection }
  | { readonly input: FileReference; readonly failure: NutrisageError };

/**
 * Puts the job in the ledger, plans its shards and sends them.
 * @throws {NutrisageError} when the job can not be planned: for good (`fail`; the ledger has the reason), or for now (`retry`).
 */
export async function planJob(ports: PlanJobPorts, newJob: NewJob): Promise<void> {
  const job = await openJob(ports, newJob);
  const isOpen = job.state === 'planning' || job.state === 'running';
  if (!isOpen) return;

  const inspected: InspectedFile[] = [];
  for (const input of job.inputs) inspected.push(await inspectFile(ports, job, input));
  const plan = planFiles(inspected, job);

  if (plan.messages.length === 0) {
    const failure = firstFailure(inspected);
    await failPlanning(ports, job.job, failure);
    throw failure;
  }
  const started = await ports.ledger.startJob(job.job, {
    files: plan.files,
    rows: plan.rows,
    shards: plan.messages.length,
  });
  if (started.state !== 'running') return;
  await ports.queue.send(plan.messages.map((message) => JSON.stringify(message)));
  ports.log.info(
    { job: job.job, files: plan.files.length, rows: plan.rows, shards: plan.messages.length },
    'job planned',
  );
}

/** Records that a job can not be planned, so that `status` and `--wait` show the reason. */
export async function failPlanning(
  ports: Pick<PlanJobPorts, 'ledger' | 'clock'>,
  job: string,
  failure: NutrisageError,
): Promise<void> {
  await ports.ledger.failPlanning(job, toErrorRecord(failure), ports.clock().toISOString());
}

/** The stored job; made if there is none, and set back to planning if planning it failed before. */
async function openJob(ports: PlanJobPorts, newJob: NewJob): Promise<JobRecord> {
  const known = await ports.ledger.job(newJob.job);
  const job =
    known ??
    (await ports.ledger.createJob(
      planningRecord(newJob, { ...ports.pins, modelVersion: await ports.currentModel() }),
    ));
  const planningFailed = job.state === 'failed' && job.shards === undefined;
  return planningFailed ? ports.ledger.retryPlanning(job.job) : job;
}

async function inspectFile(
  ports: PlanJobPorts,
  job: JobRecord,
  input: FileReference,
): Promise<InspectedFile> {
  try {
    return { input, inspection: await ports.threads.inspect(input, job.mapping) };
  } catch (thrown) {
    const failure = asNutrisageError(thrown);
    if (failure.disposition === 'retry') throw failure;
    return { input, failure };
  }
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
      files.push({ ...place, rows: 0, shards: 0, failure: { ...toErrorRecord(file.failure) } });
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

function firstFailure(inspected: readonly InspectedFile[]): NutrisageError {
  for (const file of inspected) if ('failure' in file) return file.failure;
  return asNutrisageError(new Error('The job has no file with rows.'));
}
