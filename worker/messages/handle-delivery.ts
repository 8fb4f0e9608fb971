/** From a delivery to its settlement: the one place where an error's disposition is acted on. */
import type { Logger } from 'pino';
import { asNutrisageError, toErrorRecord } from '../../core/errors.ts';
import type { SubmissionMessage } from '../../schemas/messages.ts';
import type { S3EventRecord } from '../../schemas/s3-event.ts';
import { type PlanArrivalPorts, planArrival } from '../planning/plan-arrival.ts';
import { failPlanning, planJob } from '../planning/plan-job.ts';
import { retryLater } from '../queue/retry-later.ts';
import type { Delivery, Settlement } from '../queue/work-queue.ts';
import { type ProcessShardPorts, processShard } from '../shards/process-shard.ts';
import { parseMessage } from './parse-message.ts';

export interface HandleDeliveryPorts extends PlanArrivalPorts, Omit<ProcessShardPorts, 'store' | 'threads'> {
  readonly store: PlanArrivalPorts['store'] & ProcessShardPorts['store'];
  readonly threads: PlanArrivalPorts['threads'] & ProcessShardPorts['threads'];
  readonly log: Logger;
}

const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

/** Never throws. */
export async function handleDelivery(ports: HandleDeliveryPorts, delivery: Delivery): Promise<Settlement> {
  try {
    return await handle(ports, delivery);
  } catch (thrown) {
    const error = asNutrisageError(thrown);
    if (error.code === 'interrupted') return { kind: 'release' };
    const isFinal = error.disposition === 'fail' || delivery.receiveCount >= ports.receivesMax;
    const settlement: Settlement = isFinal
      ? { kind: 'bury', failure: toErrorRecord(error) }
      : retryLater(delivery);
    ports.log.warn(
      { message: delivery.id, code: error.code, err: error, settlement: settlement.kind },
      error.message,
    );
    return settlement;
  }
}

async function handle(ports: HandleDeliveryPorts, delivery: Delivery): Promise<Settlement> {
  const work = parseMessage(delivery.body);
  switch (work.kind) {
    case 'nothing':
      return ACKNOWLEDGE;
    case 'shard':
      return processShard(ports, work.message, delivery);
    case 'submission':
      await planSubmission(ports, work.message, delivery);
      return ACKNOWLEDGE;
    case 'inbox':
      await planArrivals(ports, work.arrivals);
      return ACKNOWLEDGE;
    default:
      return work satisfies never;
  }
}

async function planSubmission(
  ports: HandleDeliveryPorts,
  message: SubmissionMessage,
  delivery: Delivery,
): Promise<void> {
  const { job, submittedAt, inputs, mapping } = message;
  try {
    await planJob(ports, { job, origin: 'submission', submittedAt, inputs, mapping });
  } catch (thrown) {
    const error = asNutrisageError(thrown);
    const isFinal = error.disposition === 'fail' || delivery.receiveCount >= ports.receivesMax;
    if (isFinal && error.code !== 'interrupted') await failPlanning(ports, job, error);
    throw error;
  }
}

/** One event may name several objects: each is planned, and the first failure decides about the message. */
async function planArrivals(ports: HandleDeliveryPorts, arrivals: readonly S3EventRecord[]): Promise<void> {
  const outcomes = await Promise.allSettled(arrivals.map((arrival) => planArrival(ports, arrival)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
