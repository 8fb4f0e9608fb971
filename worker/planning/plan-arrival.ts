/** An object that arrived in the inbox, from S3's event to a planned job. */
import { NutrisageError } from '../../core/errors.ts';
import { decodeEventKey } from '../../core/jobs/event-key.ts';
import { inboxJobId } from '../../core/jobs/job-id.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import { Correlation } from '../../schemas/messages.ts';
import { createParser } from '../../schemas/parse.ts';
import type { S3EventRecord } from '../../schemas/s3-event.ts';
import type { NewJob } from '../ledger/job-record.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { type PlanJobPorts, planJob, recordPlanningFailure } from './plan-job.ts';

const correlationParser = createParser('the correlation', Correlation);

/** Of an event that tells no ETag: Amazon's always do. */
const UNKNOWN_ETAG = 'unknown';

export interface PlanArrivalPorts extends PlanJobPorts {
  readonly store: ObjectStore;
}

/**
 * Plans the job of one arrival. The same event is the same job; the same bytes dropped again are a new one.
 * A failure that no further delivery can mend is in the ledger when it is thrown.
 * @throws {NutrisageError}
 */
export async function planArrival(
  ports: PlanArrivalPorts,
  record: S3EventRecord,
  isLastDelivery: boolean,
): Promise<void> {
  const newJob = newJobOf(ports, record);
  try {
    const inputs = await findInputs(ports, newJob);
    await planJob(ports, { ...newJob, inputs });
  } catch (error) {
    await recordPlanningFailure(ports, newJob, error, isLastDelivery);
    throw error;
  }
}

/** The job of an arrival, its object as the event tells it. */
export function newJobOf({ clock }: Pick<PlanArrivalPorts, 'clock'>, record: S3EventRecord): NewJob {
  const { bucket, object } = record.s3;
  const key = decodeEventKey(object.key);
  const etag = (object.eTag ?? '').replaceAll('"', '');
  return {
    job: inboxJobId({ bucket: bucket.name, key, etag, sequencer: object.sequencer ?? '' }),
    origin: 'inbox',
    submittedAt: record.eventTime ?? clock().toISOString(),
    inputs: [{ bucket: bucket.name, key, etag: etag === '' ? UNKNOWN_ETAG : etag, size: object.size ?? 0 }],
    mapping: undefined,
    correlation: correlationOf(record),
  };
}

/** The request that put the object, where the store tells it in a form that every message may carry. */
function correlationOf({ responseElements }: S3EventRecord): string | undefined {
  const request = responseElements?.['x-amz-request-id'];
  return correlationParser.matches(request) ? request : undefined;
}

/** The objects as they are, which the event may have told in part; what the ledger has of a planned job. */
async function findInputs(ports: PlanArrivalPorts, newJob: NewJob): Promise<readonly FileReference[]> {
  const known = await ports.ledger.job(newJob.job);
  const isPlanned = known?.shards !== undefined;
  if (isPlanned) return known.inputs;
  return Promise.all(
    newJob.inputs.map(async (announced) => {
      const present = await ports.store.head(announced.bucket, announced.key);
      const isReplaced = announced.etag !== UNKNOWN_ETAG && announced.etag !== present.etag;
      if (isReplaced) throw replaced(announced);
      return present;
    }),
  );
}

function replaced(file: FileReference): NutrisageError {
  return new NutrisageError(
    'object-changed',
    `s3://${file.bucket}/${file.key} was replaced before it was planned.`,
    'Nothing: the newer file has an event and a job of its own.',
  );
}
