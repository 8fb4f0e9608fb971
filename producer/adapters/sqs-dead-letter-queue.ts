/** The dead-letter queue on Amazon SQS. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { BuriedMessage, DeadLetterQueue } from '../commands/ports.ts';
import { type Service, translateAwsError } from './translate-aws-error.ts';

/** SQS takes and gives no more than ten a call. */
const BATCH = 10;
/**
 * Long enough to read and act on some 20,000 messages (measured reads are a few milliseconds a batch), short
 * enough that a command killed half-way hides nothing for long.
 */
const HIDDEN_SECONDS = 60;
/** At once. */
const RELEASED_SECONDS = 0;
/** A long poll asks every server of the queue; a short one asks some and may find none. */
const POLL_SECONDS = 1;

export function createSqsDeadLetterQueue(
  client: SQSClient,
  queueUrl: string,
  endpoint: string | undefined,
): DeadLetterQueue {
  const service: Service = { name: 'queue', endpoint };
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw translateAwsError(error, service, `queue ${queueUrl}`);
    }
  };

  async function receive(): Promise<readonly BuriedMessage[]> {
    const received = await call(() =>
      client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: POLL_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      ),
    );
    return (received.Messages ?? []).map(toBuriedMessage);
  }

  return {
    async receiveAll() {
      const byId = new Map<string, BuriedMessage>();
      for (;;) {
        const known = byId.size;
        // A later copy of a message has the receipt that counts.
        for (const message of await receive()) byId.set(message.id, message);
        // Nothing new: all are read, or the first ones are already coming back.
        if (byId.size === known) return [...byId.values()];
      }
    },

    async release(messages) {
      for (const Entries of batches(messages, { VisibilityTimeout: RELEASED_SECONDS })) {
        await call(() =>
          client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })),
        );
      }
    },

    async remove(messages) {
      for (const Entries of batches(messages, {})) {
        await call(() => client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries })));
      }
    },
  };
}

function batches<Extra extends object>(messages: readonly BuriedMessage[], extra: Extra) {
  const entries = messages.map(({ receipt }, index) => ({
    Id: String(index),
    ReceiptHandle: receipt,
    ...extra,
  }));
  return Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, batch) =>
    entries.slice(batch * BATCH, (batch + 1) * BATCH),
  );
}

function toBuriedMessage(message: Message): BuriedMessage {
  const sentAt = Number(message.Attributes?.SentTimestamp);
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
    name,
    StringValue ?? '',
  ]);
  return {
    id: message.MessageId ?? '',
    receipt: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
    buriedAt: Number.isFinite(sentAt) ? new Date(sentAt).toISOString() : undefined,
  };
}
