/** New records of the ledger, from what is known when they are made. */
import type { ErrorRecord } from '../../core/errors.ts';
import { expiresAt } from '../../core/jobs/expires-at.ts';
import { shardSortKey } from '../../core/jobs/keys.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { RulesVersion } from '../../schemas/grade.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import type { WrittenShard } from '../threads/thread-protocol.ts';
import { storedFailure } from './stored-failure.ts';

export interface NewJob {
  readonly job: string;
  readonly origin: JobRecord['origin'];
  readonly submittedAt: string;
  readonly inputs: readonly FileReference[];
  readonly mapping: Mapping | undefined;
  /** Absent where who submitted it gave none. */
  readonly correlation?: string | undefined;
}

export interface JobPins {
  readonly modelVersion: string;
  readonly rules: RulesVersion;
  readonly shardRows: number;
  readonly retentionDays: number;
}

export function planningRecord(job: NewJob, pins: JobPins): JobRecord {
  return {
    job: job.job,
    sk: 'JOB',
    kind: 'JOB',
    state: 'planning',
    submittedAt: job.submittedAt,
    origin: job.origin,
    inputs: [...job.inputs],
    ...(job.mapping === undefined ? {} : { mapping: job.mapping }),
    ...(job.correlation === undefined ? {} : { correlation: job.correlation }),
    modelVersion: pins.modelVersion,
    rules: pins.rules,
    shardRows: pins.shardRows,
    finished: 0,
    rowsFinished: 0,
    rowsRejected: 0,
    revision: 0,
    expiresAt: expiresAt(job.submittedAt, pins.retentionDays),
  };
}

/** Who had the shard, on which delivery, and when. */
export interface Attempt {
  readonly worker: string;
  readonly attempt: number;
  readonly at: string;
  readonly retentionDays: number;
}

function shardRecord(message: ShardMessage, attempt: Attempt): Omit<ShardRecord, 'state'> {
  return {
    job: message.job,
    sk: shardSortKey(message.shard),
    shard: message.shard,
    redrive: message.redrive,
    attempt: attempt.attempt,
    worker: attempt.worker,
    at: attempt.at,
    rows: message.rows,
    expiresAt: expiresAt(message.submittedAt, attempt.retentionDays),
  };
}

export function doneRecord(written: WrittenShard, attempt: Attempt): ShardRecord {
  const { counts, outputs, seconds, histograms } = written;
  return {
    ...shardRecord(written.message, attempt),
    state: 'done',
    counts,
    outputs: { ...outputs },
    seconds,
    ...(histograms === undefined ? {} : { histograms: JSON.stringify(histograms) }),
  };
}

export function failedRecord(message: ShardMessage, attempt: Attempt, failure: ErrorRecord): ShardRecord {
  return { ...shardRecord(message, attempt), state: 'failed', failure: storedFailure(failure) };
}

export function lastAttemptRecord(message: ShardMessage, attempt: Attempt): ShardRecord {
  return { ...shardRecord(message, attempt), state: 'last attempt' };
}

/** Of a shard that no worker ever had: it counts as its first attempt, of no rows. */
export function unsentRecord(
  job: JobRecord,
  shard: number,
  attempt: Pick<Attempt, 'worker' | 'at'>,
  failure: ErrorRecord,
): ShardRecord {
  return {
    job: job.job,
    sk: shardSortKey(shard),
    shard,
    redrive: 0,
    attempt: 1,
    ...attempt,
    rows: 0,
    expiresAt: job.expiresAt,
    state: 'failed',
    failure: storedFailure(failure),
  };
}
