/** The services on AWS, or on servers that speak its protocols, as the configuration says. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Services } from '../commands/ports.ts';
import type { AwsSettings, Configuration } from '../configuration.ts';
import { createLogFiles } from '../logs/log-files.ts';
import { createBullmqQueues } from './bullmq-queues.ts';
import { createDynamoDbGradeHistory } from './dynamodb-grade-history.ts';
import { createDynamoDbJobLedger } from './dynamodb-job-ledger.ts';
import { createS3ObjectStore } from './s3-object-store.ts';
import { createSqsDeadLetterQueue } from './sqs-dead-letter-queue.ts';
import { createSqsJobsQueue } from './sqs-jobs-queue.ts';

/** An address that swallows packets must not hold a command for the operating system's two minutes. */
const CONNECTION_MILLISECONDS = 5000;

export interface OpenServices extends Services {
  /** Ends idle connections, so that the process can end. */
  close(): void;
}

export function openAwsServices(configuration: Configuration): OpenServices {
  const { aws, dataBucket, jobsTable, gradesTable, logsDirectory } = configuration;
  const { storeEndpoint, tableEndpoint } = aws;
  const s3 = new S3Client({
    ...clientSettings(aws, storeEndpoint),
    forcePathStyle: storeEndpoint !== undefined,
  });
  const queues = openQueues(configuration);
  const dynamodb = new DynamoDBClient(clientSettings(aws, tableEndpoint));
  return {
    dataBucket,
    store: createS3ObjectStore(s3, storeEndpoint),
    ledger: createDynamoDbJobLedger(dynamodb, jobsTable, tableEndpoint),
    grades:
      gradesTable === undefined
        ? undefined
        : createDynamoDbGradeHistory(dynamodb, gradesTable, tableEndpoint),
    jobsQueue: queues.jobsQueue,
    deadLetters: queues.deadLetters,
    logs: logsDirectory === undefined ? undefined : createLogFiles(logsDirectory),
    close() {
      queues.close();
      for (const client of [s3, dynamodb]) client.destroy();
    },
  };
}

interface Queues extends Pick<Services, 'jobsQueue' | 'deadLetters'> {
  close(): void;
}

function openQueues({ queue, aws }: Configuration): Queues {
  if (queue.kind === 'bullmq') return createBullmqQueues(queue.redisUrl);
  const { queueEndpoint } = aws;
  const sqs = new SQSClient({
    ...clientSettings(aws, queueEndpoint),
    // A server may give its queues URLs of a host that only it resolves; a set endpoint is meant.
    ...(queueEndpoint === undefined ? {} : { useQueueUrlAsEndpoint: false }),
  });
  return {
    jobsQueue: createSqsJobsQueue(sqs, queue.jobsQueueUrl, queueEndpoint),
    deadLetters: createSqsDeadLetterQueue(sqs, queue.deadLetterQueueUrl, queueEndpoint),
    close: () => sqs.destroy(),
  };
}

function clientSettings({ region, credentials }: AwsSettings, endpoint: string | undefined) {
  return {
    requestHandler: { connectionTimeout: CONNECTION_MILLISECONDS },
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
