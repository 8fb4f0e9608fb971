/** Which queue carries the work, and where it is. */
import { ENVIRONMENT } from '../../schemas/names.ts';
import { isRedisAddress, QUEUE_KINDS } from '../../schemas/redis-queue.ts';

export type QueueSettings =
  | { readonly kind: 'sqs'; readonly jobsQueueUrl: string; readonly deadLetterQueueUrl: string }
  | { readonly kind: 'bullmq'; readonly redisUrl: string };

/** Takes single settings from the environment and gathers their faults. */
export interface QueueSettingsReader {
  required(name: string, meaning: string): string;
  choice<T extends string>(name: string, fallback: T, allowed: readonly T[]): T;
  fault(sentence: string): void;
}

export function readQueueSettings(read: QueueSettingsReader): QueueSettings {
  const kind = read.choice(ENVIRONMENT.queue, 'sqs', QUEUE_KINDS);
  if (kind === 'sqs') {
    return {
      kind,
      jobsQueueUrl: read.required(
        ENVIRONMENT.jobsQueueUrl,
        'the URL of the SQS queue that carries shards and inbox events',
      ),
      deadLetterQueueUrl: read.required(ENVIRONMENT.deadLetterQueueUrl, 'the URL of its dead-letter queue'),
    };
  }
  const redisUrl = read.required(ENVIRONMENT.redisUrl, 'the address of the Redis that carries the work');
  // Not shown: there may be a password in it.
  if (redisUrl !== '' && !isRedisAddress(redisUrl))
    read.fault(`${ENVIRONMENT.redisUrl} is no redis:// or rediss:// address.`);
  return { kind, redisUrl };
}
