/** Ledger records, a summary and gradings as a worker writes them: made to measure, checked by their schemas. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import { partKey, shardSortKey, summaryKey } from '../../core/jobs/keys.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import { GradeItem } from '../../schemas/grades-dataset.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';

export const SUBMITTED_AT = '2026-11-20T08:00:00.000Z';
const CLOSED_AT = '2026-11-20T08:01:05.000Z';
const MODEL = 'aaaabbbbccccdddd';
const EXPIRES_AT = 2_000_000_000;

export const INPUT: FileReference = {
  bucket: RESOURCES.dataBucket,
  key: 'uploads/0123/products.parquet',
  etag: 'e0e0',
  size: 1000,
};

const parseJob = createParser('job', JobRecord);
const parseShard = createParser('shard', ShardRecord);
const parseSummary = createParser('summary', JobSummary);
const parseGrade = createParser('grade', GradeItem);

export function jobRecord(job: string, change: Partial<JobRecord> = {}): JobRecord {
  return parseJob.parse({
    job,
    sk: 'JOB',
    kind: 'JOB',
    state: 'running',
    submittedAt: SUBMITTED_AT,
    origin: 'submission',
    inputs: [INPUT],
    modelVersion: MODEL,
    rules: '2023',
    shardRows: 1000,
    files: [{ rows: 2000, firstRowNumber: 0, firstShard: 0, shards: 2 }],
    rows: 2000,
    shards: 2,
    finished: 1,
    rowsFinished: 1000,
    rowsRejected: 12,
    revision: 0,
    expiresAt: EXPIRES_AT,
    ...change,
  });
}

export const CLOSED = { state: 'succeeded', finished: 2, rowsFinished: 2000, closedAt: CLOSED_AT } as const;

export function failedShard(job: string, shard: number): ShardRecord {
  return parseShard.parse({
    job,
    sk: shardSortKey(shard),
    state: 'failed',
    shard,
    redrive: 0,
    attempt: 5,
    worker: 'worker-1',
    at: CLOSED_AT,
    rows: 1000,
    failure: {
      code: 'damaged-parquet',
      message: 'Row group 1 cannot be decoded',
      remedy: 'Write the file again',
    },
    expiresAt: EXPIRES_AT,
  });
}

export const COUNTS: RowCounts = {
  rows: 2000,
  graded: 1988,
  rejected: 12,
  official: 1500,
  model: 488,
  provisional: 40,
  compared: 1460,
  agreed: 1314,
  grades: { a: 500, b: 300, c: 400, d: 588, e: 200 },
  rejectReasons: { 'no-code': 4, 'sugars-above-carbohydrates': 8 },
  warnings: { 'energy-differs': 33 },
};

export function jobSummary(job: string, change: Partial<JobSummary> = {}): JobSummary {
  const place = { job, submittedAt: SUBMITTED_AT, file: 0 };
  return parseSummary.parse({
    job,
    state: 'succeeded',
    submittedAt: SUBMITTED_AT,
    finishedAt: CLOSED_AT,
    seconds: 65,
    rowsPerSecond: 30.8,
    modelVersion: MODEL,
    rules: '2023',
    files: [{ input: INPUT, rows: 2000, firstRowNumber: 0, firstShard: 0, shards: 2 }],
    shards: { planned: 2, done: 2, failed: 0 },
    counts: COUNTS,
    agreement: 0.9,
    stepSeconds: { read: 1, grade: 2, write: 3, items: 4 },
    outputs: {
      grades: [partKey('grades', { ...place, shard: 0 }), partKey('grades', { ...place, shard: 1 })],
      rejects: [partKey('rejects', { ...place, shard: 1 })],
    },
    failures: [],
    ...change,
  });
}

export function gradeItem(code: string, change: Partial<GradeItem> = {}): GradeItem {
  return parseGrade.parse({
    code,
    sk: `${SUBMITTED_AT}#${'1'.repeat(16)}#${'0'.repeat(12)}`,
    job: '1'.repeat(16),
    rowNumber: 0,
    gradedFor: SUBMITTED_AT,
    grade: 'd',
    source: 'official',
    officialGrade: 'd',
    officialScore: 14,
    officialStatus: 'final',
    modelGrade: 'd',
    probabilities: [0.01, 0.02, 0.12, 0.75, 0.1],
    modelVersion: MODEL,
    expiresAt: EXPIRES_AT,
    ...change,
  });
}

export interface WorkerHand {
  putJobs(...records: readonly (JobRecord | ShardRecord)[]): Promise<void>;
  putGrades(...items: readonly GradeItem[]): Promise<void>;
  putObject(key: string, body: string | Uint8Array): Promise<void>;
  /** The summary and the parts it names. */
  putOutputs(summary: JobSummary): Promise<void>;
}

/** Writes to a stack what a worker would. */
export function createWorkerHand(environment: Readonly<Record<string, string>>): WorkerHand {
  const shared = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const tables = new DynamoDBClient({ ...shared, endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' });
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? '';
  const store = new S3Client({ ...shared, endpoint, forcePathStyle: true });
  const putAll = async (table: string, items: readonly object[]) => {
    for (const item of items) {
      const Item = marshall(item, { removeUndefinedValues: true });
      await tables.send(new PutItemCommand({ TableName: table, Item }));
    }
  };
  const putObject = async (key: string, body: string | Uint8Array) => {
    await store.send(new PutObjectCommand({ Bucket: RESOURCES.dataBucket, Key: key, Body: body }));
  };
  return {
    putJobs: (...records) => putAll(RESOURCES.jobsTable, records),
    putGrades: (...items) => putAll(RESOURCES.gradesTable, items),
    putObject,
    async putOutputs(summary) {
      for (const key of [...summary.outputs.grades, ...summary.outputs.rejects])
        await putObject(key, `part ${key}`);
      await putObject(summaryKey(summary.job), JSON.stringify(summary));
    },
  };
}
