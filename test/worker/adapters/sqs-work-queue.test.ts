import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { clientConfigurations } from '../../../local/stack/service-clients.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../../../schemas/names.ts';
import { createSqsWorkQueue } from '../../../worker/adapters/sqs-work-queue.ts';
import { describeWorkQueue, type QueueUnderTest } from '../../contracts/work-queue.ts';
import { startTestStack } from '../../support/stack.ts';

describeWorkQueue('Amazon SQS', async (): Promise<QueueUnderTest> => {
  const stack = await startTestStack({ visibilitySeconds: 3 });
  const client = new SQSClient(clientConfigurations(stack.servers).sqs);
  // Queues of its own: on the stack's jobs queue lies S3's test event.
  const makeQueue = async (name: string): Promise<string> => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name }));
    return new URL(new URL(QueueUrl ?? '').pathname, stack.servers.endpoint).href;
  };
  const queueUrl = await makeQueue('contract-jobs');
  const deadLetterQueueUrl = await makeQueue('contract-dead');

  const depth = async (url: string): Promise<readonly [number, number]> => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return [
      Number(Attributes?.['ApproximateNumberOfMessages']),
      Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
    ];
  };

  return {
    queue: createSqsWorkQueue({
      client,
      queueUrl,
      deadLetterQueueUrl,
      visibilitySeconds: 3,
      log: pino({ level: 'silent' }),
    }),
    async depths() {
      const [waiting, taken] = await depth(queueUrl);
      const [dead] = await depth(deadLetterQueueUrl);
      return { waiting, taken, dead };
    },
    async dead() {
      const { Messages } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
          MessageAttributeNames: ['All'],
        }),
      );
      return (Messages ?? []).map((message) => ({
        body: message.Body ?? '',
        code: message.MessageAttributes?.[DEAD_LETTER_ATTRIBUTES.code]?.StringValue,
      }));
    },
    async stop() {
      client.destroy();
      await stack.stop();
    },
  };
});
