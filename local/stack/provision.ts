/** Makes what a stack of NutriSage needs on AWS's own interfaces; what is there already is left as it is. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { publishModel } from './publish-model.ts';
import { clientConfigurations } from './service-clients.ts';
import type { Servers } from './start-servers.ts';

export interface ProvisionOptions {
  /** A message not deleted after this long is delivered again. @default 60 */
  readonly visibilitySeconds?: number;
  /** Deliveries before a message goes to the dead-letter queue. @default 5 */
  readonly receivesMax?: number;
  /** Folder with `manifest.json`, `model.onnx` and `reference.json`; undefined publishes none. */
  readonly modelFolder?: string;
}

/** SQS's longest, so that a failure can be looked at for two weeks. */
const DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 3600;

export const TABLES: readonly CreateTableCommandInput[] = [
  {
    TableName: RESOURCES.gradesTable,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'code', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'code', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  },
  {
    TableName: RESOURCES.jobsTable,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['job', 'sk', 'kind', 'submittedAt'].map((name) => ({
      AttributeName: name,
      AttributeType: 'S' as const,
    })),
    KeySchema: [
      { AttributeName: 'job', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: RESOURCES.jobsByTimeIndex,
        KeySchema: [
          { AttributeName: 'kind', KeyType: 'HASH' },
          { AttributeName: 'submittedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
];

/**
 * Makes buckets, queues and tables, and publishes the model.
 *
 * @returns every environment variable that a worker or a client of this stack needs.
 */
export async function provision(
  servers: Pick<Servers, 'endpoint' | 'tableEndpoint' | 'environment'>,
  options: ProvisionOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const visibilitySeconds = options.visibilitySeconds ?? 60;
  const receivesMax = options.receivesMax ?? 5;
  const configurations = clientConfigurations(servers);
  const sqs = new SQSClient(configurations.sqs);
  const s3 = new S3Client(configurations.s3);
  const tables = new DynamoDBClient(configurations.dynamodb);
  try {
    const [queues] = await Promise.all([
      makeQueues(sqs, { visibilitySeconds, receivesMax }),
      provisionStores(s3, tables, options.modelFolder),
    ]);
    return {
      ...servers.environment,
      [ENVIRONMENT.jobsQueueUrl]: onEndpoint(queues.jobs, servers.endpoint),
      [ENVIRONMENT.deadLetterQueueUrl]: onEndpoint(queues.deadLetter, servers.endpoint),
      [ENVIRONMENT.dataBucket]: RESOURCES.dataBucket,
      [ENVIRONMENT.modelBucket]: RESOURCES.modelBucket,
      [ENVIRONMENT.gradesTable]: RESOURCES.gradesTable,
      [ENVIRONMENT.jobsTable]: RESOURCES.jobsTable,
      [ENVIRONMENT.visibilitySeconds]: String(visibilitySeconds),
      [ENVIRONMENT.receivesMax]: String(receivesMax),
    };
  } finally {
    for (const client of [sqs, s3, tables]) client.destroy();
  }
}

/**
 * Buckets, tables and the model, whichever servers hold them.
 * @param modelFolder as in `ProvisionOptions`
 */
export async function provisionStores(
  s3: S3Client,
  tables: DynamoDBClient,
  modelFolder: string | undefined,
): Promise<void> {
  await Promise.all([
    ...[RESOURCES.dataBucket, RESOURCES.modelBucket].map((name) => makeBucket(s3, name)),
    ...TABLES.map((table) => makeTable(tables, table)),
  ]);
  if (modelFolder !== undefined) await publishModel(s3, RESOURCES.modelBucket, modelFolder);
}

/**
 * A queue's URL at the server's address. fauxqs names a host under `localhost`, which not every machine
 * resolves, and the SDK sends to the queue's host where the endpoint comes from the environment.
 */
export function onEndpoint(queueUrl: string, endpoint: string): string {
  return new URL(new URL(queueUrl).pathname, endpoint).href;
}

async function makeBucket(s3: S3Client, name: string): Promise<void> {
  const isThere = await s3.send(new HeadBucketCommand({ Bucket: name })).then(
    () => true,
    () => false,
  );
  if (!isThere) await s3.send(new CreateBucketCommand({ Bucket: name }));
}

async function makeQueues(
  sqs: SQSClient,
  options: { readonly visibilitySeconds: number; readonly receivesMax: number },
): Promise<{ readonly jobs: string; readonly deadLetter: string }> {
  const deadLetter = await makeQueue(sqs, RESOURCES.deadLetterQueue, {
    MessageRetentionPeriod: String(DEAD_LETTER_RETENTION_SECONDS),
  });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetter, AttributeNames: ['QueueArn'] }),
  );
  const jobs = await makeQueue(sqs, RESOURCES.jobsQueue, {
    VisibilityTimeout: String(options.visibilitySeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: Attributes?.['QueueArn'],
      maxReceiveCount: options.receivesMax,
    }),
  });
  return { jobs, deadLetter };
}

/** Attributes are set apart: CreateQueue refuses a queue that is there with other ones. */
async function makeQueue(
  sqs: SQSClient,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  if (QueueUrl === undefined) throw new Error(`The queue server gave no URL for ${name}.`);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { ...attributes } }));
  return QueueUrl;
}

/** Makes a table where there is none of its name, and waits until it can be used. */
export async function makeTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  const describe = new DescribeTableCommand({ TableName: table.TableName });
  const status = async (): Promise<string | undefined> => {
    try {
      return (await client.send(describe)).Table?.TableStatus;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'missing';
      throw error;
    }
  };
  if ((await status()) === 'missing') await client.send(new CreateTableCommand(table));
  // The SDK's waiter begins with a pause of seconds; the embedded server is ready within one more call.
  while ((await status()) !== 'ACTIVE') await new Promise((resolve) => setTimeout(resolve, 5));
}
