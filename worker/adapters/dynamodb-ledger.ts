/** The ledger on Amazon DynamoDB: table key `job` + `sk`, index `by-time`. No transactions: one item a write. */
import { setImmediate } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { NutrisageError } from '../../core/errors.ts';
import { shardSortKey } from '../../core/jobs/keys.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { RESOURCES } from '../../schemas/names.ts';
import type { Ledger, WriteOutcome } from '../ledger/ledger.ts';

const MARSHALL = { removeUndefinedValues: true } as const;
/** About 100 KB: a page of 250 held the loop for 22 ms of processor time, one of the service's own megabyte for 60. */
const SHARDS_PER_PAGE = 100;

export function createDynamoDbLedger(client: DynamoDBClient, table: string): Ledger {
  const jobKey = (job: string) => marshall({ job, sk: 'JOB' });
  const shardKey = (job: string, shard: number) => marshall({ job, sk: shardSortKey(shard) });

  // The ledger is written by this project alone; its records are trusted to be of their schemas.
  const asJob = (item: Record<string, AttributeValue>) => unmarshall(item) as JobRecord;
  const asShard = (item: Record<string, AttributeValue>) => unmarshall(item) as ShardRecord;

  async function guarded<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) throw cause;
      throw tableUnavailable(table, what, cause);
    }
  }

  /** The call's result, or `undefined` when its condition failed. */
  async function conditional<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await guarded(what, call);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async function getJob(job: string): Promise<JobRecord | undefined> {
    const { Item } = await guarded('read the job', () =>
      client.send(new GetItemCommand({ TableName: table, Key: jobKey(job), ConsistentRead: true })),
    );
    return Item === undefined ? undefined : asJob(Item);
  }

  async function storedJob(job: string): Promise<JobRecord> {
    const stored = await getJob(job);
    if (stored === undefined) {
      throw new NutrisageError('unexpected', `Job ${job} is not in the ledger.`, 'Submit the files again.');
    }
    return stored;
  }

  type JobUpdate = Pick<
    UpdateItemCommandInput,
    'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'
  > & {
    readonly values: Record<string, unknown>;
  };
  async function updateJob(job: string, what: string, update: JobUpdate): Promise<JobRecord | undefined> {
    const { values, ...expressions } = update;
    const updated = await conditional(what, () =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: jobKey(job),
          ReturnValues: 'ALL_NEW',
          ExpressionAttributeValues: marshall(values, MARSHALL),
          ...expressions,
        }),
      ),
    );
    return updated?.Attributes === undefined ? undefined : asJob(updated.Attributes);
  }

  async function put(
    record: JobRecord | ShardRecord,
    condition: string,
    values?: Record<string, unknown>,
  ): Promise<WriteOutcome> {
    const done = await conditional('write a record', () =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall(record, MARSHALL),
          ConditionExpression: condition,
          ...(condition.includes('#state') ? { ExpressionAttributeNames: { '#state': 'state' } } : {}),
          ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values) }),
        }),
      ),
    );
    return done === undefined ? 'lost' : 'won';
  }

  const NOT_FINISHED = 'attribute_not_exists(sk) OR #state = :lastAttempt';
  const putFinished = (record: ShardRecord) => put(record, NOT_FINISHED, { ':lastAttempt': 'last attempt' });

  /** The loop turns before a page is taken apart, which is after the SDK has, and after it. */
  async function* queryPages<T>(
    what: string,
    input: QueryCommandInput,
    asRecord: (item: Record<string, AttributeValue>) => T,
  ): AsyncGenerator<readonly T[]> {
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await guarded(what, () =>
        client.send(
          new QueryCommand({ ...input, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
        ),
      );
      await setImmediate();
      yield (page.Items ?? []).map(asRecord);
      await setImmediate();
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  return {
    job: getJob,

    async createJob(record) {
      const outcome = await put(record, 'attribute_not_exists(sk)');
      return outcome === 'won' ? record : storedJob(record.job);
    },

    async startJob(job, plan) {
      const started = await updateJob(job, 'start the job', {
        UpdateExpression: 'SET #state = :running, files = :files, #rows = :rows, shards = :shards',
        ConditionExpression: '#state = :planning',
        ExpressionAttributeNames: { '#state': 'state', '#rows': 'rows' },
        values: {
          ':running': 'running',
          ':planning': 'planning',
          ':files': plan.files,
          ':rows': plan.rows,
          ':shards': plan.shards,
        },
      });
      return started ?? storedJob(job);
    },

    async markSent(job, at) {
      await updateJob(job, 'note that the shards were sent', {
        UpdateExpression: 'SET sentAt = :at',
        ConditionExpression: 'attribute_exists(shards) AND attribute_not_exists(sentAt)',
        values: { ':at': at },
      });
    },

    async failPlanning(job, failure, closedAt) {
      const failed = await updateJob(job, 'fail the job', {
        UpdateExpression: 'SET #state = :failed, failure = :failure, closedAt = :at',
        // The reason of the latest attempt counts: a redrive may fail for another one than the first time.
        ConditionExpression: '#state = :planning OR (#state = :failed AND attribute_not_exists(shards))',
        ExpressionAttributeNames: { '#state': 'state' },
        values: { ':failed': 'failed', ':planning': 'planning', ':failure': failure, ':at': closedAt },
      });
      return failed === undefined ? 'lost' : 'won';
    },

    async retryPlanning(job, { modelVersion, inputs }) {
      const again = await updateJob(job, 'plan the job again', {
        UpdateExpression:
          'SET #state = :planning, modelVersion = :model, inputs = :inputs REMOVE failure, closedAt',
        ConditionExpression: '#state = :failed AND attribute_not_exists(shards)',
        ExpressionAttributeNames: { '#state': 'state' },
        values: { ':planning': 'planning', ':failed': 'failed', ':model': modelVersion, ':inputs': inputs },
      });
      return again ?? storedJob(job);
    },

    async shard(job, shard) {
      const { Item } = await guarded('read the shard', () =>
        client.send(
          new GetItemCommand({ TableName: table, Key: shardKey(job, shard), ConsistentRead: true }),
        ),
      );
      return Item === undefined ? undefined : asShard(Item);
    },

    shardPages: (job) =>
      queryPages(
        'read the shards',
        {
          TableName: table,
          ConsistentRead: true,
          Limit: SHARDS_PER_PAGE,
          KeyConditionExpression: 'job = :job AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: marshall({ ':job': job, ':prefix': 'SHARD#' }),
        },
        asShard,
      ),

    putDone: putFinished,
    putFailed: putFinished,
    putLastAttempt: (record) => put(record, 'attribute_not_exists(sk)'),

    async clearLastAttempt({ job, shard, worker, at }) {
      const cleared = await conditional('clear a last attempt', () =>
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: shardKey(job, shard),
            ConditionExpression: '#state = :lastAttempt AND #worker = :worker AND #at = :at',
            ExpressionAttributeNames: { '#state': 'state', '#worker': 'worker', '#at': 'at' },
            ExpressionAttributeValues: marshall({
              ':lastAttempt': 'last attempt',
              ':worker': worker,
              ':at': at,
            }),
          }),
        ),
      );
      return cleared === undefined ? 'lost' : 'won';
    },

    async addFinished(job, rows, rejected) {
      const updated = await updateJob(job, 'count a finished shard', {
        UpdateExpression: 'ADD finished :one, rowsFinished :rows, rowsRejected :rejected',
        ConditionExpression: '#state = :running',
        ExpressionAttributeNames: { '#state': 'state' },
        values: { ':one': 1, ':rows': rows, ':rejected': rejected, ':running': 'running' },
      });
      return updated ?? storedJob(job);
    },

    async takeBackFinished(job) {
      await updateJob(job, 'take back a finished shard', {
        UpdateExpression: 'ADD finished :minusOne',
        ConditionExpression: 'finished > :zero',
        values: { ':minusOne': -1, ':zero': 0 },
      });
    },

    async clearFailure(job, shard, redrive) {
      const cleared = await conditional('clear a failure', () =>
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: shardKey(job, shard),
            ConditionExpression: '#state <> :done AND redrive < :redrive',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: marshall({ ':done': 'done', ':redrive': redrive }),
          }),
        ),
      );
      return cleared === undefined ? 'lost' : 'won';
    },

    async reopenJob(job) {
      const reopened = await updateJob(job, 'reopen the job', {
        UpdateExpression: 'SET #state = :running ADD revision :one REMOVE closedAt',
        // Planned, that is. To compare the state alone would make a job where there is none.
        ConditionExpression: 'attribute_exists(shards)',
        ExpressionAttributeNames: { '#state': 'state' },
        values: { ':running': 'running', ':one': 1 },
      });
      return reopened ?? storedJob(job);
    },

    async closeJob(job, revision, { state, closedAt, finished, rowsFinished, rowsRejected }) {
      const closed = await updateJob(job, 'close the job', {
        UpdateExpression:
          'SET #state = :end, closedAt = :at, finished = :finished, rowsFinished = :rows, rowsRejected = :rejected',
        ConditionExpression: '#state = :running AND revision = :revision',
        ExpressionAttributeNames: { '#state': 'state' },
        values: {
          ':end': state,
          ':at': closedAt,
          ':running': 'running',
          ':revision': revision,
          ':finished': finished,
          ':rows': rowsFinished,
          ':rejected': rowsRejected,
        },
      });
      return closed === undefined ? 'lost' : 'won';
    },

    async openJobs(since) {
      const pages = queryPages(
        'list the open jobs',
        {
          TableName: table,
          IndexName: RESOURCES.jobsByTimeIndex,
          KeyConditionExpression: 'kind = :kind AND submittedAt >= :since',
          FilterExpression: '#state IN (:planning, :running)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall({
            ':kind': 'JOB',
            ':since': since,
            ':planning': 'planning',
            ':running': 'running',
          }),
        },
        asJob,
      );
      const jobs: JobRecord[] = [];
      for await (const page of pages) jobs.push(...page);
      return jobs;
    },

    async lease(name, owner, now, seconds) {
      const nowSeconds = Math.floor(now.getTime() / 1000);
      const taken = await conditional('take a lease', () =>
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({
              job: name,
              sk: 'LEASE',
              owner,
              until: nowSeconds + seconds,
              expiresAt: nowSeconds + 86_400,
            }),
            ConditionExpression: 'attribute_not_exists(sk) OR #owner = :owner OR #until < :now',
            ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
            ExpressionAttributeValues: marshall({ ':owner': owner, ':now': nowSeconds }),
          }),
        ),
      );
      return taken !== undefined;
    },
  };
}

function tableUnavailable(table: string, what: string, cause: unknown): NutrisageError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new NutrisageError(
    'table-unavailable',
    `Could not ${what} in table ${table}: ${reason}`,
    'It is tried again by itself; if it lasts, check that the table exists and that the role may use it.',
    { cause },
  );
}
