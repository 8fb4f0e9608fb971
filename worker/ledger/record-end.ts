/** The end of a shard in the ledger: put if it is the first, and then counted. */
import type { ShardRecord } from '../../schemas/ledger.ts';
import type { WorkerMeter } from '../metrics/worker-meter.ts';
import type { Ledger, WriteOutcome } from './ledger.ts';

export interface RecordEndPorts {
  readonly ledger: Pick<Ledger, 'addFinished' | 'putDone' | 'putFailed' | 'shard'>;
  readonly meter: Pick<WorkerMeter, 'shardRecorded'>;
}

export interface RecordedEnd {
  /** `won` when the stored record is the one that was given. */
  readonly outcome: WriteOutcome;
  readonly stored: ShardRecord;
}

/**
 * Puts `done` or `failed`, and counts the shard if that put was ours: nobody else counts it. An answer may be lost on
 * its way and the put be repeated by the SDK, whose condition then fails on our own record: that is ours too.
 */
export async function recordEnd(
  { ledger, meter }: RecordEndPorts,
  record: ShardRecord,
): Promise<RecordedEnd> {
  const { job, shard } = record;
  const put = record.state === 'done' ? ledger.putDone : ledger.putFailed;
  const isFirst = (await put(record)) === 'won';
  const stored = isFirst ? record : await ledger.shard(job, shard);
  const isOurs = isFirst || (stored !== undefined && isSameEnd(stored, record));
  if (isOurs) {
    meter.shardRecorded(record);
    await ledger.addFinished(job, record.counts?.rows ?? 0, record.counts?.rejected ?? 0);
  }
  return { outcome: isOurs ? 'won' : 'lost', stored: stored ?? record };
}

function isSameEnd(stored: ShardRecord, record: ShardRecord): boolean {
  const nameOf = ({ state, worker, attempt, at, redrive }: ShardRecord) =>
    [state, worker, attempt, at, redrive].join(' ');
  return nameOf(stored) === nameOf(record);
}
