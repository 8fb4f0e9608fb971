/** From a delivery to its settlement: the one place where an error's disposition is acted on. */
import type { Logger } from 'pino';
import { asNutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { SubmissionMessage } from '../../schemas/messages.ts';
import type { S3EventRecord } from '../../schemas/s3-event.ts';
import type { NewJob } from '../ledger/job-record.ts';
import { type PlanArrivalPorts, planArrival } from '../planning/plan-arrival.ts';
import { planJob, recordPlanningFailure } from '../planning/plan-job.ts';
import { retryLater } from '../queue/retry-later.ts';
import type { Delivery, Settlement } from '../queue/work-queue.ts';
import { type ProcessShardPorts, processShard } from '../shards/process-shard.ts';
import { type Trace, traceOf } from '../trace.ts';
import { parseMessage, type Work } from './parse-message.ts';

export interface HandleDeliveryPorts extends PlanArrivalPorts, Omit<ProcessShardPorts, 'store' | 'threads'> {
  readonly store: PlanArrivalPorts['store'] & ProcessShardPorts['store'];
  readonly threads: PlanArrivalPorts['threads'] & ProcessShardPorts['threads'];
  readonly log: Logger;
}

const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

/** Never throws. */
export async function handleDelivery(ports: HandleDeliveryPorts, delivery: Delivery): Promise<Settlement> {
  let work: Work | undefined;
  try {
    work = parseMessage(delivery.body);
    return await handle(ports, work, delivery);
  } catch (thrown) {
    const error = asNutrisageError(thrown);
    if (error.code === 'interrupted') return { kind: 'release' };
    const isFinal = error.disposition === 'fail' || isLast(ports, delivery);
    const settlement: Settlement = isFinal
      ? { kind: 'bury', failure: toErrorRecord(error) }
      : retryLater(delivery);
    ports.log.warn(
      { ...workTrace(work), message: delivery.id, code: error.code, err: error, settlement: settlement.kind },
      error.message,
    );
    return settlement;
  }
}

/** An inbox event may be of several jobs, each of which tells its own. */
function workTrace(work: Work | undefined): Partial<Trace> {
  return work?.kind === 'shard' || work?.kind === 'submission' ? traceOf(work.message) : {};
}

async function handle(ports: HandleDeliveryPorts, work: Work, delivery: Delivery): Promise<Settlement> {
  switch (work.kind) {
    case 'nothing':
      return ACKNOWLEDGE;
    case 'shard':
      return processShard(ports, work.message, delivery);
    case 'submission':
      await planSubmission(ports, work.message, isLast(ports, delivery));
      return ACKNOWLEDGE;
    case 'inbox':
      await planArrivals(ports, work.arrivals, isLast(ports, delivery));
      return ACKNOWLEDGE;
    default:
      return work satisfies never;
  }
}

async function planSubmission(
  ports: HandleDeliveryPorts,
  message: SubmissionMessage,
  isLastDelivery: boolean,
): Promise<void> {
  const { job, submittedAt, inputs, mapping, correlation } = message;
  const newJob: NewJob = { job, origin: 'submission', submittedAt, inputs, mapping, correlation };
  try {
    await planJob(ports, newJob);
  } catch (error) {
    await recordPlanningFailure(ports, newJob, error, isLastDelivery);
    throw error;
  }
}

/**
 * One event may name several objects: each is planned. A failure that another delivery may mend decides about
 * the message before one that none will, or the object it is about would wait for a redrive.
 */
async function planArrivals(
  ports: HandleDeliveryPorts,
  arrivals: readonly S3EventRecord[],
  isLastDelivery: boolean,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    arrivals.map((arrival) => planArrival(ports, arrival, isLastDelivery)),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const mendable = failures.find((failure) => asNutrisageError(failure).disposition === 'retry');
  if (failures.length > 0) throw mendable ?? failures[0];
}

function isLast(ports: HandleDeliveryPorts, delivery: Delivery): boolean {
  return delivery.receiveCount >= ports.receivesMax;
}
