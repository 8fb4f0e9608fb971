import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT, RESOURCES } from '../../../schemas/names.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

describe('the embedded queues', () => {
  let directory: string;
  let stack: TestStack;
  let clients: TestClients;

  const start = async (): Promise<void> => {
    stack = await startTestStack({ directory, receivesMax: 2 });
    clients = createClients(stack.servers);
  };
  const stop = async (): Promise<void> => {
    clients.destroy();
    await stack.stop();
  };
  const queueUrl = (name: 'jobsQueueUrl' | 'deadLetterQueueUrl'): string =>
    stack.environment[ENVIRONMENT[name]] ?? '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nutrisage-queues-'));
    await start();
    await receive('jobsQueueUrl'); // S3's test event
  });
  afterEach(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });

  const send = (MessageBody: string) =>
    clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('jobsQueueUrl'), MessageBody }));

  async function receive(name: 'jobsQueueUrl' | 'deadLetterQueueUrl'): Promise<Message[]> {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(name),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages;
  }

  const release = ({ ReceiptHandle }: Message) =>
    clients.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl('jobsQueueUrl'),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  const facts = ({ Body, Attributes }: Message) => [Body, Attributes?.ApproximateReceiveCount];

  it('deliver a released message again, and move it to the dead-letter queue after its last delivery', async () => {
    await send('poison');
    for (const delivery of ['1', '2']) {
      const messages = await receive('jobsQueueUrl');
      expect(messages.map(facts)).toEqual([['poison', delivery]]);
      for (const message of messages) await release(message);
    }
    expect(await receive('jobsQueueUrl')).toEqual([]);
    expect((await receive('deadLetterQueueUrl')).map(({ Body }) => Body)).toEqual(['poison']);
  });

  const poll = (abortSignal?: AbortSignal) =>
    clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('jobsQueueUrl'), WaitTimeSeconds: 20 }),
      abortSignal === undefined ? {} : { abortSignal },
    );

  it('answer one of two long polls as soon as a message comes', async () => {
    const stopPolling = new AbortController();
    const polls = [poll(stopPolling.signal), poll(stopPolling.signal)];
    await send('at last');
    const { Messages = [] } = await Promise.race(polls);
    expect(Messages.map(({ Body }) => Body)).toEqual(['at last']);
    stopPolling.abort();
    const results = await Promise.allSettled(polls);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('give no message to a client that went away within its long poll', async () => {
    const gone = new AbortController();
    const polls = Array.from({ length: 3 }, () => poll(gone.signal));
    // A call after theirs on the same server: their polls are there when it is answered.
    await receive('deadLetterQueueUrl');
    gone.abort();
    await Promise.allSettled(polls);
    // And a call after the end of their connections.
    await receive('deadLetterQueueUrl');
    await send('for the living');
    expect((await poll()).Messages?.map(({ Body }) => Body)).toEqual(['for the living']);
  });

  it('end a long poll when a message comes back, and without one when its time is over', async () => {
    await send('back again');
    const [message] = await receive('jobsQueueUrl');
    const waiting = poll();
    if (message !== undefined) await release(message);
    expect((await waiting).Messages?.map(({ Body }) => Body)).toEqual(['back again']);
    const short = new ReceiveMessageCommand({ QueueUrl: queueUrl('jobsQueueUrl'), WaitTimeSeconds: 1 });
    expect((await clients.sqs.send(short)).Messages).toBeUndefined();
  });

  it('keep a released message and its count of deliveries over a restart', async () => {
    await send('shard');
    for (const message of await receive('jobsQueueUrl')) await release(message);
    await stop();
    await start();
    expect((await receive('jobsQueueUrl')).map(facts)).toEqual([['shard', '2']]);
  });

  it('can be looked at, and nothing is taken by it', async () => {
    const look = () => stack.servers.store.lookAt(RESOURCES.jobsQueue);
    await send('first');
    await send('second');
    await receive('jobsQueueUrl');
    await send('third');
    // S3's test event was taken before, and is not done.
    expect(look()).toMatchObject({ waiting: 1, inFlight: 3 });
    expect(
      look()
        ?.first(2)
        .map(({ body }) => body),
    ).toEqual(['third', expect.stringContaining('s3:TestEvent')]);
    expect(look()?.oldestSeconds).toBeGreaterThan(0);
    expect(stack.servers.store.lookAt('no-such-queue')).toBeUndefined();
    expect(stack.servers.store.lookAt(RESOURCES.deadLetterQueue)).toMatchObject({
      waiting: 0,
      inFlight: 0,
      oldestSeconds: undefined,
    });
  });
});
