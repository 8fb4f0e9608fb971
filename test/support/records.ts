/** Records that tests of the ledger begin from. */

import { zeroRowCounts } from '../../schemas/counts.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile, ShardRecord } from '../../schemas/ledger.ts';
import { MESSAGE_VERSION, type ShardMessage } from '../../schemas/messages.ts';
import type { Ledger } from '../../worker/ledger/ledger.ts';

/** All records of a job's shards. */
export async function shardsOf(ledger: Pick<Ledger, 'shardPages'>, job: string): Promise<ShardRecord[]> {
  const records: ShardRecord[] = [];
  for await (const page of ledger.shardPages(job)) records.push(...page);
  return records;
}

export const JOB = '0123456789abcdef';
export const MODEL = 'fedcba9876543210';
export const SUBMITTED_AT = '2026-11-23T10:00:00.000Z';
const EXPIRES_AT = 1_900_000_000;

export const INPUT: FileReference = {
  bucket: 'nutrisage-data',
  key: 'inbox/shop.parquet',
  etag: 'abc',
  size: 1000,
};

export function jobRecord(changes: Partial<JobRecord> = {}): JobRecord {
  return {
    job: JOB,
    sk: 'JOB',
    kind: 'JOB',
    state: 'planning',
    submittedAt: SUBMITTED_AT,
    origin: 'inbox',
    inputs: [INPUT],
    modelVersion: MODEL,
    rules: '2023',
    shardRows: 100,
    finished: 0,
    rowsFinished: 0,
    rowsRejected: 0,
    revision: 0,
    expiresAt: EXPIRES_AT,
    ...changes,
  };
}

export function plannedFile(changes: Partial<PlannedFile> = {}): PlannedFile {
  return { rows: 200, firstRowNumber: 0, firstShard: 0, shards: 2, ...changes };
}

export function shardMessage(changes: Partial<ShardMessage> = {}): ShardMessage {
  return {
    kind: 'shard',
    version: MESSAGE_VERSION,
    job: JOB,
    shard: 0,
    file: 0,
    input: INPUT,
    rowGroups: { first: 0, count: 1 },
    rows: 100,
    firstRowNumber: 0,
    submittedAt: SUBMITTED_AT,
    modelVersion: MODEL,
    rules: '2023',
    redrive: 0,
    ...changes,
  };
}

/** A shard of 100 rows, 90 graded `b` and 10 rejected, done. */
export function doneShard(shard: number, changes: Partial<ShardRecord> = {}): ShardRecord {
  return {
    job: JOB,
    sk: `SHARD#${String(shard).padStart(6, '0')}`,
    state: 'done',
    shard,
    redrive: 0,
    attempt: 1,
    worker: 'worker-1',
    at: `2026-11-23T10:00:0${shard}.000Z`,
    rows: 100,
    counts: {
      ...zeroRowCounts(),
      rows: 100,
      graded: 90,
      rejected: 10,
      official: 60,
      model: 30,
      compared: 60,
      agreed: 57,
      grades: { a: 0, b: 90, c: 0, d: 0, e: 0 },
      rejectReasons: { 'missing-code': 10 },
    },
    outputs: { grades: `grades/${shard}.parquet`, rejects: `rejects/${shard}.parquet` },
    seconds: { read: 0.1, grade: 0.2, write: 0.3, items: 0.4 },
    expiresAt: EXPIRES_AT,
    ...changes,
  };
}

export function failedShard(shard: number, changes: Partial<ShardRecord> = {}): ShardRecord {
  const { counts, outputs, seconds, ...rest } = doneShard(shard);
  return {
    ...rest,
    state: 'failed',
    failure: { code: 'damaged-parquet', message: 'It is damaged.', remedy: 'Write it again.' },
    ...changes,
  };
}
