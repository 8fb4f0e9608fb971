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
import { describeWorkQueue, type QueueUnderTest, RECEIVES_MAX } from '../../contracts/work-queue.ts';
import { startTestStack } from '../../support/stack.ts';

/** Renewals as they leave the client: a visibility timeout of 0 is a release. */
function tapRenewals(client: SQSClient): (count: number) => Promise<void> {
  const waiting: { left: number; readonly resolve: () => void }[] = [];
  client.middlewareStack.add(
    (next, context) => async (call) => {
      const answer = await next(call);
      const isRenewal =
        context.commandName === 'ChangeMessageVisibilityCommand' &&
        'VisibilityTimeout' in call.input &&
        Number(call.input.VisibilityTimeout) > 0;
      for (const waiter of isRenewal ? waiting : []) {
        waiter.left -= 1;
        if (waiter.left === 0) waiter.resolve();
      }
      return answer;
    },
    { step: 'initialize', name: 'tapRenewals' },
  );
  return (count) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ left: count, resolve });
    return promise;
  };
}

describeWorkQueue('Amazon SQS', async (): Promise<QueueUnderTest> => {
  const stack = await startTestStack({ visibilitySeconds: 3 });
  const client = new SQSClient(clientConfigurations(stack.servers).sqs);
  // Queues of its own: on the stack's jobs queue lies S3's test event.
  const makeQueue = async (name: string, attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    return new URL(new URL(QueueUrl ?? '').pathname, stack.servers.endpoint).href;
  };
  const deadLetterQueueUrl = await makeQueue('contract-dead');
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: RECEIVES_MAX };
  const queueUrl = await makeQueue('contract-jobs', { RedrivePolicy: JSON.stringify(redrive) });
  const renewals = tapRenewals(client);

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
      receivesMax: RECEIVES_MAX,
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
        reason: message.MessageAttributes?.[DEAD_LETTER_ATTRIBUTES.message]?.StringValue,
      }));
    },
    renewals,
    async stop() {
      client.destroy();
      await stack.stop();
    },
  };
});
