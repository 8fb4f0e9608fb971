import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { ENVIRONMENT, RESOURCES } from '../../../schemas/names.ts';
import { createClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const job = {
  job: { S: 'j1' },
  sk: { S: 'JOB' },
  kind: { S: 'JOB' },
  submittedAt: { S: '2026-11-23T10:00:00.000Z' },
};
const Key = 'uploads/kept.txt';
const Bucket = RESOURCES.dataBucket;

const jobsQueue = (stack: TestStack): string => stack.environment[ENVIRONMENT.jobsQueueUrl] ?? '';

it('keeps messages, objects and items over a restart on other ports', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'nutrisage-restart-'));
  try {
    const before = await startTestStack({ directory, receivesMax: 3, visibilitySeconds: 7 });
    const first = createClients(before.servers);
    await first.sqs.send(new SendMessageCommand({ QueueUrl: jobsQueue(before), MessageBody: 'kept' }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'kept' }));
    await first.tables.send(new PutItemCommand({ TableName: RESOURCES.jobsTable, Item: job }));
    first.destroy();
    await before.stop();

    const after = await startTestStack({ directory, receivesMax: 3, visibilitySeconds: 7 });
    const second = createClients(after.servers);
    const QueueUrl = jobsQueue(after);
    const { Messages = [] } = await second.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const bodies = Messages.map((message) => message.Body ?? '');
    expect(bodies.filter((body) => body === 'kept')).toHaveLength(1);
    expect(bodies.filter((body) => body.includes('s3:TestEvent'))).toHaveLength(1);
    const object = await second.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await object.Body?.transformToString()).toBe('kept');
    const { Item } = await second.tables.send(
      new GetItemCommand({ TableName: RESOURCES.jobsTable, Key: { job: job.job, sk: job.sk } }),
    );
    expect(Item).toEqual(job);
    const byTime = await second.tables.send(
      new QueryCommand({
        TableName: RESOURCES.jobsTable,
        IndexName: RESOURCES.jobsByTimeIndex,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'JOB' } },
      }),
    );
    expect(byTime.Items).toEqual([job]);
    const { Attributes } = await second.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'RedrivePolicy'] }),
    );
    expect(Attributes).toMatchObject({
      VisibilityTimeout: '7',
      RedrivePolicy: expect.stringMatching(/nutrisage-jobs-dead.*"maxReceiveCount":"?3/),
    });
    second.destroy();
    await after.stop();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
