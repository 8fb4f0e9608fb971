/** The ledger on Amazon DynamoDB, for reading. */
import {
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { shardSortKey } from '../../core/jobs/keys.ts';
import { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createParser, type Parser } from '../../schemas/parse.ts';
import type { JobLedger } from '../commands/ports.ts';
import { type Service, translateAwsError } from './translate-aws-error.ts';

const jobRecord = createParser('the job in the ledger', JobRecord);
const shardRecord = createParser('the shard in the ledger', ShardRecord);

export function createDynamoDbJobLedger(
  client: DynamoDBClient,
  table: string,
  endpoint: string | undefined,
): JobLedger {
  const service: Service = { name: 'table', endpoint };
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw translateAwsError(error, service, `table ${table}`);
    }
  };

  const get = <T>(job: string, sk: string, parser: Parser<T>): Promise<T | undefined> =>
    call(async () => {
      const Key = marshall({ job, sk });
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item === undefined ? undefined : parser.parse(unmarshall(Item));
    });

  return {
    job: (job) => get(job, 'JOB', jobRecord),
    shard: (job, shard) => get(job, shardSortKey(shard), shardRecord),

    failedShards: (job) =>
      call(async () => {
        const query: QueryCommandInput = {
          TableName: table,
          KeyConditionExpression: 'job = :job AND begins_with(sk, :prefix)',
          FilterExpression: '#state = :failed',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall({ ':job': job, ':prefix': 'SHARD#', ':failed': 'failed' }),
        };
        const found: ShardRecord[] = [];
        for await (const { Items = [] } of paginateQuery({ client }, query)) {
          found.push(...Items.map((item) => shardRecord.parse(unmarshall(item))));
        }
        return found;
      }),

    recentJobs: (limit) =>
      call(async () => {
        const query: QueryCommandInput = {
          TableName: table,
          IndexName: RESOURCES.jobsByTimeIndex,
          KeyConditionExpression: 'kind = :kind',
          ExpressionAttributeValues: marshall({ ':kind': 'JOB' }),
          ScanIndexForward: false,
          Limit: limit,
        };
        // One page ends at a megabyte, which a few jobs of many files fill.
        const found: JobRecord[] = [];
        for await (const { Items = [] } of paginateQuery({ client }, query)) {
          found.push(...Items.map((item) => jobRecord.parse(unmarshall(item))));
          if (found.length >= limit) break;
        }
        return found.slice(0, limit);
      }),
  };
}
