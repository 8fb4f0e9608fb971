/** An object that arrived in the inbox, from S3's event to a planned job. */
import { NutrisageError } from '../../core/errors.ts';
import { inboxJobId } from '../../core/jobs/job-id.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { S3EventRecord } from '../../schemas/s3-event.ts';
import { planningRecord } from '../ledger/job-record.ts';
import { decodeEventKey } from '../messages/parse-message.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { failPlanning, type PlanJobPorts, planJob } from './plan-job.ts';

export interface PlanArrivalPorts extends PlanJobPorts {
  readonly store: Pick<ObjectStore, 'head'>;
}

/**
 * Plans the job of one arrival. The same event is the same job; the same bytes dropped again are a new one.
 * @throws {NutrisageError}
 */
export async function planArrival(ports: PlanArrivalPorts, record: S3EventRecord): Promise<string> {
  const { bucket, object } = record.s3;
  const key = decodeEventKey(object.key);
  const etag = (object.eTag ?? '').replaceAll('"', '');
  const job = inboxJobId({ bucket: bucket.name, key, etag, sequencer: object.sequencer ?? '' });
  const submittedAt = record.eventTime ?? ports.clock().toISOString();
  const announced: FileReference = {
    bucket: bucket.name,
    key,
    etag: etag === '' ? 'unknown' : etag,
    size: object.size ?? 0,
  };
  const newJob = { job, origin: 'inbox', submittedAt, mapping: undefined } as const;

  try {
    const present = await ports.store.head(bucket.name, key);
    if (etag !== '' && present.etag !== etag) throw replaced(announced);
    await planJob(ports, { ...newJob, inputs: [present] });
  } catch (error) {
    const mustBeRecorded = error instanceof NutrisageError && error.disposition === 'fail';
    if (mustBeRecorded) {
      const modelVersion = await ports.currentModel().catch(() => 'none');
      await ports.ledger.createJob(
        planningRecord({ ...newJob, inputs: [announced] }, { ...ports.pins, modelVersion }),
      );
      await failPlanning(ports, job, error);
    }
    throw error;
  }
  return job;
}

function replaced(file: FileReference): NutrisageError {
  return new NutrisageError(
    'object-changed',
    `s3://${file.bucket}/${file.key} was replaced before it was planned.`,
    'Nothing: the newer file has an event and a job of its own.',
  );
}
