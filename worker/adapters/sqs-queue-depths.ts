/** How many messages the queues hold, as Amazon SQS counts them. */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueDepths } from '../metrics/process-watch.ts';

export interface SqsQueueDepthsOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

const COUNTED = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const satisfies readonly QueueAttributeName[];

export function createSqsQueueDepths(options: SqsQueueDepthsOptions): () => Promise<QueueDepths> {
  const count = async (queueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTED] });
    const { Attributes } = await options.client.send(command);
    const [visible, delayed, inFlight] = COUNTED.map((name) => Number(Attributes?.[name] ?? 0));
    return { waiting: (visible ?? 0) + (delayed ?? 0), inFlight: inFlight ?? 0 };
  };
  return async () => {
    const [jobs, dead] = await Promise.all([count(options.queueUrl), count(options.deadLetterQueueUrl)]);
    return { ...jobs, dead: dead.waiting + dead.inFlight };
  };
}
