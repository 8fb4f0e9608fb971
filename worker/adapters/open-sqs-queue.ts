import { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import type { OpenQueue } from './open-queue.ts';
import { REQUEST_PATIENCE } from './request-patience.ts';
import { createSqsQueueDepths } from './sqs-queue-depths.ts';
import { createSqsWorkQueue } from './sqs-work-queue.ts';

export function openSqsQueue(options: {
  readonly jobsQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly visibilitySeconds: number;
  readonly receivesMax: number;
  readonly log: Logger;
}): OpenQueue {
  const client = new SQSClient({ requestHandler: { ...REQUEST_PATIENCE } });
  const { jobsQueueUrl: queueUrl, deadLetterQueueUrl } = options;
  return {
    queue: createSqsWorkQueue({ ...options, client, queueUrl }),
    depths: createSqsQueueDepths({ client, queueUrl, deadLetterQueueUrl }),
    check: async () => {},
    close: () => client.destroy(),
  };
}
