/**
 * Planning: from a job's files to its shards. Whoever gets the message plans; a crash at any point leaves a
 * state from which the next delivery goes on, because the plan is a pure function of the files' footers and
 * of the values the ledger stored first.
 */
import { asNutrisageError, NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile } from '../../schemas/ledger.ts';
import { type JobPins, type NewJob, planningRecord } from '../ledger/job-record.ts';
import { storedFailure, storedFiles } from '../ledger/stored-failure.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import { traceOf } from '../trace.ts';
import { type FailUnsentPorts, failUnsentShards } from './fail-unsent-shards.ts';
import { type InspectedFile, isSamePlan, planFiles } from './plan-files.ts';

export interface PlanJobPorts extends FailUnsentPorts {
  readonly queue: Pick<WorkQueue, 'send'>;
  readonly threads: Pick<ThreadPool, 'inspect'>;
  readonly currentModel: () => Promise<string>;
  readonly pins: Omit<JobPins, 'modelVersion'>;
}

/**
 * Puts the job in the ledger, plans its shards and sends them.
 * @throws {NutrisageError} when the job can not be planned: for good (`fail`), or for now (`retry`). Whoever calls
 *   it records that with `recordPlanningFailure`.
 */
export async function planJob(ports: PlanJobPorts, newJob: NewJob): Promise<void> {
  const job = await openJob(ports, newJob);
  const isOpen = job.state === 'planning' || job.state === 'running';
  if (!isOpen || job.sentAt !== undefined) return;

  const inspected: InspectedFile[] = [];
  for (const [file, input] of job.inputs.entries()) {
    inspected.push(await inspectFile(ports, job, input, job.files?.[file]));
  }
  const plan = planFiles(inspected, job);
  if (plan.shards === 0) throw firstFailure(inspected, job);

  const { rows, shards, messages } = plan;
  const files = storedFiles(job, plan.files);
  const started = await ports.ledger.startJob(job.job, { files, rows, shards });
  if (started.state !== 'running' || started.sentAt !== undefined) return;
  if (!isSamePlan(started.files ?? [], files)) throw plannedOtherwise(job);
  await ports.queue.send(messages.map((message) => JSON.stringify(message)));
  ports.log.info(
    { ...traceOf(job), files: files.length, rows, shards, sent: messages.length },
    'job planned',
  );
  const lost = inspected.flatMap((file) =>
    'lost' in file ? [{ file: file.planned, reason: file.lost }] : [],
  );
  if (lost.length > 0) await failUnsentShards(ports, started, lost);
  else await ports.ledger.markSent(job.job, ports.clock().toISOString());
}

/**
 * Pinned by a job that failed before it was opened; planned anew, it gets a real one. The current one is not asked for:
 * nothing was graded by it, and whether the store answers just now would show in the record for good.
 */
const NO_MODEL = 'none';

/**
 * Records that a job can not be planned, so that `status` and `--wait` show the reason; the job is made if it
 * failed before it was in the ledger. Of one that was planned, the shards fail that were not sent. What is tried
 * again is not recorded.
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
  const failure = storedFailure(toErrorRecord(error));
  const closedAt = ports.clock().toISOString();
  ports.log.warn({ ...traceOf(newJob), code: error.code, failure }, 'job could not be planned');
  const record = planningRecord(newJob, { ...ports.pins, modelVersion: NO_MODEL });
  // In one write: a job left `planning` without a model would be planned without one.
  await ports.ledger.createJob({ ...record, state: 'failed', failure, closedAt });
  await ports.ledger.failPlanning(newJob.job, failure, closedAt);
  const stored = await ports.ledger.job(newJob.job);
  const isUnsent = stored?.state === 'running' && stored.sentAt === undefined;
  if (!isUnsent) return;
  const every = { firstShard: 0, shards: stored.shards ?? 0 };
  await failUnsentShards(ports, stored, [{ file: every, reason: error }]);
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
 *   failed one stays out although it may be whole now, and one that was whole is lost when it can not be read.
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
    if (failure.disposition === 'retry') throw failure;
    return planned === undefined ? { input, failure } : { input, planned, lost: failure };
  }
}

function plannedOtherwise(job: JobRecord): NutrisageError {
  return new NutrisageError(
    'unexpected',
    `Job ${job.job} was planned by two workers at once, and a file was there for one of them only.`,
    'It is planned again by itself, as the first of them did.',
  );
}

function firstFailure(inspected: readonly InspectedFile[], job: JobRecord): NutrisageError {
  for (const file of inspected) {
    if ('failure' in file && file.failure instanceof NutrisageError) return file.failure;
  }
  return new NutrisageError('no-rows', `Job ${job.job} has no file with rows.`, 'Submit files with rows.');
}
