/** A running job of many shards, all done and none closed, as fast as the table takes it. */
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { partKey, shardSortKey } from '../../core/jobs/keys.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { plainHistograms } from './drift-reference.ts';
import { doneShard, jobRecord, plannedFile, SUBMITTED_AT } from './records.ts';

const ITEMS_PER_WRITE = 25;
const WRITES_AT_ONCE = 8;
const ROWS_PER_SHARD = 100;
/** As long as those of a shard of the usual size. */
const HISTOGRAMS = JSON.stringify(plainHistograms(65_000));

export async function putFinishedShards(tables: DynamoDBClient, job: string, shards: number): Promise<void> {
  const rows = shards * ROWS_PER_SHARD;
  const files = [plannedFile({ rows, shards })];
  const planned = jobRecord({ job, state: 'running', files, rows, shards, finished: shards });
  await putAll(tables, [planned, ...Array.from({ length: shards }, (_, shard) => finished(job, shard))]);
}

function finished(job: string, shard: number): ShardRecord {
  const place = { job, submittedAt: SUBMITTED_AT, file: 0, shard };
  const outputs = { grades: partKey('grades', place), rejects: partKey('rejects', place) };
  return doneShard(shard, {
    job,
    sk: shardSortKey(shard),
    at: SUBMITTED_AT,
    outputs,
    histograms: HISTOGRAMS,
  });
}

async function putAll(tables: DynamoDBClient, records: readonly (JobRecord | ShardRecord)[]): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < records.length) {
      const batch = records.slice(next, next + ITEMS_PER_WRITE);
      next += ITEMS_PER_WRITE;
      const requests = batch.map((record) => ({ PutRequest: { Item: marshall(record) } }));
      await tables.send(new BatchWriteItemCommand({ RequestItems: { [RESOURCES.jobsTable]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, write));
}
