/** One run's own bucket, queues and tables on a stack that many runs share, so that runs do not see each other. */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { makeTable, onEndpoint, TABLES } from '../../local/stack/provision.ts';
import { RESOURCES } from '../../schemas/names.ts';
import type { TestClients } from '../support/clients.ts';

export interface Site {
  readonly dataBucket: string;
  readonly gradesTable: string;
  readonly jobsTable: string;
  readonly jobsQueue: string;
  readonly deadLetterQueue: string;
  readonly visibilitySeconds: number;
  readonly receivesMax: number;
}

/** Queue, table and bucket of a run, by its name. */
export async function makeSite(
  clients: TestClients,
  endpoint: string,
  name: string,
  options: Pick<Site, 'visibilitySeconds' | 'receivesMax'>,
): Promise<Site> {
  const dataBucket = `data-${name}`;
  const gradesTable = `grades-${name}`;
  const jobsTable = `jobs-${name}`;
  const makeQueue = async (queue: string, Attributes: Record<string, string>): Promise<string> => {
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: queue, Attributes }));
    return onEndpoint(QueueUrl ?? '', endpoint);
  };
  const deadLetterQueue = await makeQueue(`dead-${name}`, {});
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueue, AttributeNames: ['QueueArn'] }),
  );
  const jobsQueue = await makeQueue(`jobs-${name}`, {
    VisibilityTimeout: String(options.visibilitySeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: Attributes?.['QueueArn'],
      maxReceiveCount: options.receivesMax,
    }),
  });
  await clients.s3.send(new CreateBucketCommand({ Bucket: dataBucket }));
  for (const table of TABLES) {
    const TableName = table.TableName === RESOURCES.jobsTable ? jobsTable : gradesTable;
    await makeTable(clients.tables, { ...table, TableName });
  }
  return { dataBucket, gradesTable, jobsTable, jobsQueue, deadLetterQueue, ...options };
}

export async function sendAll(clients: TestClients, site: Site, bodies: readonly string[]): Promise<void> {
  for (const MessageBody of bodies) {
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: site.jobsQueue, MessageBody }));
  }
}

export interface Depths {
  /** Waiting or taken on the jobs queue. */
  readonly open: number;
  readonly dead: number;
}

export async function depthsOf(clients: TestClients, site: Site): Promise<Depths> {
  return { open: await openMessages(clients, site), dead: await count(clients, site.deadLetterQueue) };
}

/** Waiting or taken on the jobs queue. */
export function openMessages(clients: TestClients, site: Site): Promise<number> {
  return count(clients, site.jobsQueue);
}

async function count({ sqs }: TestClients, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return (
    Number(Attributes?.['ApproximateNumberOfMessages']) +
    Number(Attributes?.['ApproximateNumberOfMessagesNotVisible'])
  );
}
