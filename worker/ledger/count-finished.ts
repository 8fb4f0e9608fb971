import type { ShardRecord } from '../../schemas/ledger.ts';
import type { WorkerMeter } from '../metrics/worker-meter.ts';
import type { Ledger } from './ledger.ts';

export interface CountFinishedPorts {
  readonly ledger: Pick<Ledger, 'addFinished'>;
  readonly meter: Pick<WorkerMeter, 'shardRecorded'>;
}

/** Counts a shard whose end this worker has put into the ledger: nobody else counts it. */
export async function countFinished(
  { ledger, meter }: CountFinishedPorts,
  record: ShardRecord,
): Promise<void> {
  meter.shardRecorded(record);
  await ledger.addFinished(record.job, record.counts?.rows ?? 0, record.counts?.rejected ?? 0);
}
