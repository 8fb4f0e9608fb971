/** The jobs queue on Amazon SQS, for sending. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { JobsQueue } from '../commands/ports.ts';
import { translateAwsError } from './translate-aws-error.ts';

export function createSqsJobsQueue(
  client: SQSClient,
  queueUrl: string,
  endpoint: string | undefined,
): JobsQueue {
  return {
    async send(body) {
      try {
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
      } catch (error) {
        throw translateAwsError(error, { name: 'queue', endpoint }, `queue ${queueUrl}`);
      }
    },
  };
}
