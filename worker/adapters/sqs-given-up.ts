/** What lies in the dead-letter queue on Amazon SQS, looked at and left there. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** The service's own limit. */
const BATCH = 10;
/** A look takes a few milliseconds a batch; what it was killed in is seen again after this. */
const HIDDEN_SECONDS = 5;
/** Read at one look. What is left is met at later ones: a queue hands its messages out in no order. */
const MESSAGES_MAX = 1000;

/** Bodies of the messages, all of which are visible again when this returns. */
export async function readGivenUp(client: SQSClient, deadLetterQueueUrl: string): Promise<readonly string[]> {
  if (await isEmpty(client, deadLetterQueueUrl)) return [];
  const seen = new Map<string, Message>();
  try {
    while (seen.size < MESSAGES_MAX) {
      const known = seen.size;
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN_SECONDS,
        }),
      );
      for (const message of Messages) seen.set(message.MessageId ?? '', message);
      if (seen.size === known) break;
    }
  } finally {
    await release(client, deadLetterQueueUrl, [...seen.values()]);
  }
  return [...seen.values()].map(({ Body = '' }) => Body);
}

/** Most looks end here, with one cheap call. Hidden ones count: the embedded queue tells late that they are back. */
async function isEmpty(client: SQSClient, queueUrl: string): Promise<boolean> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).every((count) => Number(count) === 0);
}

async function release(client: SQSClient, queueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let first = 0; first < messages.length; first += BATCH) {
    const Entries = messages
      .slice(first, first + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
