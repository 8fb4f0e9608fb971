/**
 * The end of work that lies in the dead-letter queue without the ledger knowing. The queue moved it there by itself, since
 * every worker that had it died; or a worker buried it that could not reach the ledger to say so. Without this its job
 * would be `running`, or not even there, for ever. The message stays where it is, and can be sent back.
 */
import { NutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import type { NewJob } from '../ledger/job-record.ts';
import { failedRecord } from '../ledger/job-record.ts';
import { recordEnd } from '../ledger/record-end.ts';
import { newJobOf } from '../planning/plan-arrival.ts';
import { type PlanJobPorts, planJob, recordPlanningFailure } from '../planning/plan-job.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { traceOf } from '../trace.ts';
import { parseMessage, type Work } from './parse-message.ts';

export interface RecordGivenUpPorts extends Omit<PlanJobPorts, 'queue'> {
  readonly queue: Pick<WorkQueue, 'send' | 'givenUp'>;
  readonly receivesMax: number;
  readonly retentionDays: number;
  /** A job is not failed in planning before it is this old: another copy of its message may be at work. */
  readonly lastAttemptSecondsMax: number;
}

/**
 * Records what is new among it; closing the jobs is reconciling's.
 * @param openBefore the open jobs, as they were before this call
 */
export async function recordGivenUp(
  ports: RecordGivenUpPorts,
  openBefore: readonly JobRecord[],
): Promise<void> {
  const revisions = new Map(openBefore.map(({ job, revision }) => [job, revision]));
  for (const body of await ports.queue.givenUp()) {
    const work = workOf(body);
    if (work?.kind === 'shard') await failShard(ports, work.message, revisions);
    if (work?.kind === 'submission') {
      await failPlanning(ports, { ...work.message, origin: 'submission', mapping: work.message.mapping });
    }
    if (work?.kind === 'inbox') {
      for (const arrival of work.arrivals) await failPlanning(ports, newJobOf(ports, arrival));
    }
  }
}

function workOf(body: string): Work | undefined {
  try {
    return parseMessage(body);
  } catch {
    // None of ours: `nutrisage dlq list` shows it, and no job waits for it.
    return undefined;
  }
}

async function failShard(
  ports: RecordGivenUpPorts,
  message: ShardMessage,
  revisions: ReadonlyMap<string, number>,
): Promise<void> {
  const { job, shard } = message;
  // A last attempt may still be at work; reconciling ends it when it is old.
  if ((await ports.ledger.shard(job, shard)) !== undefined) return;
  const known = await ports.ledger.job(job);
  if (known?.state !== 'running') return;
  // Reopened since the bodies were read, perhaps for this very shard, whose failure made way: a worker may have it. To
  // record it all the same would bury a shard that is being graded. What was not sent back is met at the next look.
  if (known.revision !== revisions.get(job)) return;
  const attempt = {
    worker: ports.worker,
    attempt: ports.receivesMax,
    at: ports.clock().toISOString(),
    retentionDays: ports.retentionDays,
  };
  const failure = toErrorRecord(givenUp(ports, `Shard ${shard} of job ${job}`));
  await recordEnd(ports, failedRecord(message, attempt, failure));
  ports.log.warn({ ...traceOf(message), shard, failure }, 'a shard was given up by the queue');
}

async function failPlanning(ports: RecordGivenUpPorts, newJob: NewJob): Promise<void> {
  const ageSeconds = (ports.clock().getTime() - Date.parse(newJob.submittedAt)) / 1000;
  if (ageSeconds <= ports.lastAttemptSecondsMax) return;
  const known = await ports.ledger.job(newJob.job);
  if (known?.closedAt !== undefined) return;
  if (known?.state === 'running') {
    if (known.sentAt === undefined) await sendShards(ports, newJob);
    return;
  }
  await recordPlanningFailure(ports, newJob, givenUp(ports, `The message of job ${newJob.job}`), true);
}

/**
 * Of a job that was planned, by workers that died before all its shards were sent: planning it once more is harmless, since it
 * went well before, and a shard that is sent twice is graded once. What fails for now is tried at the next look.
 */
async function sendShards(ports: RecordGivenUpPorts, newJob: NewJob): Promise<void> {
  try {
    await planJob(ports, newJob);
  } catch (error) {
    await recordPlanningFailure(ports, newJob, error, false);
  }
}

function givenUp({ receivesMax }: RecordGivenUpPorts, what: string): NutrisageError {
  return new NutrisageError(
    'given-up',
    `${what} was delivered ${receivesMax} times, and no worker lived, or reached the ledger, to say what became of it.`,
    'Look at the workers’ logs of that time (memory, restarts, the services), then `nutrisage dlq redrive`.',
  );
}
